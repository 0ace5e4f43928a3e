/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief UART device that passes through to a real UART, without the interrupt character.
 *
 * Bytes are shown to the matcher where the reader takes them from the hardware, which is in the
 * interrupt, so that no buffer above can be too full for the interrupt character. While nobody
 * has enabled the receive interrupt or polls, nothing is read and nothing can match.
 */

#define DT_DRV_COMPAT micrort_kbd_uart

#include <errno.h>
#include <stdint.h>

#include <zephyr/device.h>
#include <zephyr/devicetree.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/pm/device.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <micrort/kbd_intr.h>

#include "port.h"
#include "versions.h"

BUILD_ASSERT(CONFIG_MICRORT_KBD_UART_INIT_PRIORITY > CONFIG_SERIAL_INIT_PRIORITY,
	     "CONFIG_MICRORT_KBD_UART_INIT_PRIORITY must be greater than "
	     "CONFIG_SERIAL_INIT_PRIORITY: the real UART comes first");

#define CHOSEN_IS_KBD_UART(_chosen) DT_NODE_HAS_COMPAT(DT_CHOSEN(_chosen), micrort_kbd_uart)

#if defined(CONFIG_UART_CONSOLE)
BUILD_ASSERT(!CHOSEN_IS_KBD_UART(zephyr_console) ||
		     CONFIG_MICRORT_KBD_UART_INIT_PRIORITY < CONFIG_CONSOLE_INIT_PRIORITY,
	     "CONFIG_MICRORT_KBD_UART_INIT_PRIORITY must be less than "
	     "CONFIG_CONSOLE_INIT_PRIORITY: the console uses the device");
#endif

#if defined(CONFIG_SHELL_BACKEND_SERIAL_API_ASYNC)
BUILD_ASSERT(!CHOSEN_IS_KBD_UART(zephyr_shell_uart),
	     "micrort,kbd-uart has no asynchronous API: set "
	     "CONFIG_SHELL_BACKEND_SERIAL_API_INTERRUPT_DRIVEN=y");
#endif

#if defined(CONFIG_LOG_BACKEND_UART_ASYNC)
BUILD_ASSERT(!CHOSEN_IS_KBD_UART(zephyr_log_uart) && !CHOSEN_IS_KBD_UART(zephyr_console),
	     "micrort,kbd-uart has no asynchronous API: set CONFIG_LOG_BACKEND_UART_ASYNC=n");
#endif

struct kbd_uart_config {
	const struct device *uart;
	/* NULL: the main one. */
	struct micrort_console *console;
};

struct kbd_uart_data {
#ifdef CONFIG_UART_INTERRUPT_DRIVEN
	uart_irq_callback_user_data_t callback;
	void *user_data;
#endif
};

static const struct device *real_uart(const struct device *dev)
{
	const struct kbd_uart_config *config = dev->config;

	return config->uart;
}

static bool feed(const struct device *dev, uint8_t byte)
{
	const struct kbd_uart_config *config = dev->config;

	return micrort_console_feed(config->console, byte);
}

static int kbd_uart_poll_in(const struct device *dev, unsigned char *p_char)
{
	int ret;

	do {
		ret = uart_poll_in(real_uart(dev), p_char);
	} while (ret == 0 && feed(dev, *p_char));

	return ret;
}

static void kbd_uart_poll_out(const struct device *dev, unsigned char out_char)
{
	uart_poll_out(real_uart(dev), out_char);
}

static int kbd_uart_err_check(const struct device *dev)
{
	return uart_err_check(real_uart(dev));
}

#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
static int kbd_uart_configure(const struct device *dev, const struct uart_config *cfg)
{
	return uart_configure(real_uart(dev), cfg);
}

static int kbd_uart_config_get(const struct device *dev, struct uart_config *cfg)
{
	return uart_config_get(real_uart(dev), cfg);
}
#endif /* CONFIG_UART_USE_RUNTIME_CONFIGURE */

#ifdef CONFIG_UART_INTERRUPT_DRIVEN
static int kbd_uart_fifo_fill(const struct device *dev, const uint8_t *tx_data, int len)
{
	return uart_fifo_fill(real_uart(dev), tx_data, len);
}

/** Close up @a data over what matched; returns how many bytes are left. */
static int drop_matches(const struct device *dev, uint8_t *data, int len)
{
	int kept = 0;

	for (int i = 0; i < len; i++) {
		if (!feed(dev, data[i])) {
			data[kept++] = data[i];
		}
	}

	return kept;
}

static int kbd_uart_fifo_read(const struct device *dev, uint8_t *rx_data, const int size)
{
	int kept = 0;
	int got;
	int data;

	/*
	 * Readers take a short count for an empty FIFO and leave the interrupt, so the gap that
	 * a match leaves is filled from the FIFO before the count is returned.
	 */
	do {
		got = uart_fifo_read(real_uart(dev), &rx_data[kept], size - kept);
		if (got <= 0) {
			return kept > 0 ? kept : got;
		}

		data = drop_matches(dev, &rx_data[kept], got);
		kept += data;
	} while (data < got);

	return kept;
}

static void kbd_uart_irq_tx_enable(const struct device *dev)
{
	uart_irq_tx_enable(real_uart(dev));
}

static void kbd_uart_irq_tx_disable(const struct device *dev)
{
	uart_irq_tx_disable(real_uart(dev));
}

static int kbd_uart_irq_tx_ready(const struct device *dev)
{
	return uart_irq_tx_ready(real_uart(dev));
}

static int kbd_uart_irq_tx_complete(const struct device *dev)
{
	return uart_irq_tx_complete(real_uart(dev));
}

static void kbd_uart_irq_rx_enable(const struct device *dev)
{
	uart_irq_rx_enable(real_uart(dev));
}

static void kbd_uart_irq_rx_disable(const struct device *dev)
{
	uart_irq_rx_disable(real_uart(dev));
}

static int kbd_uart_irq_rx_ready(const struct device *dev)
{
	return uart_irq_rx_ready(real_uart(dev));
}

static void kbd_uart_irq_err_enable(const struct device *dev)
{
	uart_irq_err_enable(real_uart(dev));
}

static void kbd_uart_irq_err_disable(const struct device *dev)
{
	uart_irq_err_disable(real_uart(dev));
}

static int kbd_uart_irq_is_pending(const struct device *dev)
{
	return uart_irq_is_pending(real_uart(dev));
}

/* int, and void since Zephyr 4.5: then there is nothing to return. */
typedef __typeof__(uart_irq_update(NULL)) irq_update_result_t;

static irq_update_result_t kbd_uart_irq_update(const struct device *dev)
{
	return uart_irq_update(real_uart(dev));
}

/** The user's callback must see this device: through the real one it would read unfiltered. */
static void on_real_uart_irq(const struct device *uart, void *user_data)
{
	const struct device *dev = user_data;
	const struct kbd_uart_data *data = dev->data;

	ARG_UNUSED(uart);

	data->callback(dev, data->user_data);
}

static void kbd_uart_irq_callback_set(const struct device *dev, uart_irq_callback_user_data_t cb,
				      void *user_data)
{
	struct kbd_uart_data *data = dev->data;
	unsigned int key = irq_lock();

	/* Without a callback the old pair stays: another CPU may still be about to call it. */
	if (cb != NULL) {
		data->callback = cb;
		data->user_data = user_data;
	}
	(void)uart_irq_callback_user_data_set(real_uart(dev), cb == NULL ? NULL : on_real_uart_irq,
					      (void *)dev);

	irq_unlock(key);
}
#endif /* CONFIG_UART_INTERRUPT_DRIVEN */

#ifdef CONFIG_UART_LINE_CTRL
static int kbd_uart_line_ctrl_set(const struct device *dev, uint32_t ctrl, uint32_t val)
{
	return uart_line_ctrl_set(real_uart(dev), ctrl, val);
}

static int kbd_uart_line_ctrl_get(const struct device *dev, uint32_t ctrl, uint32_t *val)
{
	return uart_line_ctrl_get(real_uart(dev), ctrl, val);
}
#endif /* CONFIG_UART_LINE_CTRL */

#ifdef CONFIG_UART_DRV_CMD
static int kbd_uart_drv_cmd(const struct device *dev, uint32_t cmd, uint32_t p)
{
	return uart_drv_cmd(real_uart(dev), cmd, p);
}
#endif /* CONFIG_UART_DRV_CMD */

static CONST_DEVICE_API(uart, kbd_uart_api) = {
	.poll_in = kbd_uart_poll_in,
	.poll_out = kbd_uart_poll_out,
	.err_check = kbd_uart_err_check,
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
	.configure = kbd_uart_configure,
	.config_get = kbd_uart_config_get,
#endif
#ifdef CONFIG_UART_INTERRUPT_DRIVEN
	.fifo_fill = kbd_uart_fifo_fill,
	.fifo_read = kbd_uart_fifo_read,
	.irq_tx_enable = kbd_uart_irq_tx_enable,
	.irq_tx_disable = kbd_uart_irq_tx_disable,
	.irq_tx_ready = kbd_uart_irq_tx_ready,
	.irq_tx_complete = kbd_uart_irq_tx_complete,
	.irq_rx_enable = kbd_uart_irq_rx_enable,
	.irq_rx_disable = kbd_uart_irq_rx_disable,
	.irq_rx_ready = kbd_uart_irq_rx_ready,
	.irq_err_enable = kbd_uart_irq_err_enable,
	.irq_err_disable = kbd_uart_irq_err_disable,
	.irq_is_pending = kbd_uart_irq_is_pending,
	.irq_update = kbd_uart_irq_update,
	.irq_callback_set = kbd_uart_irq_callback_set,
#endif
#ifdef CONFIG_UART_LINE_CTRL
	.line_ctrl_set = kbd_uart_line_ctrl_set,
	.line_ctrl_get = kbd_uart_line_ctrl_get,
#endif
#ifdef CONFIG_UART_DRV_CMD
	.drv_cmd = kbd_uart_drv_cmd,
#endif
};

static int kbd_uart_init(const struct device *dev)
{
	return device_is_ready(real_uart(dev)) ? 0 : -ENODEV;
}

bool micrort_is_kbd_uart(const struct device *dev)
{
	return dev->api == &kbd_uart_api;
}

struct micrort_console *micrort_console_of(const struct device *dev)
{
	const struct kbd_uart_config *config = dev->config;

	return micrort_is_kbd_uart(dev) ? config->console : NULL;
}

#ifdef CONFIG_PM_DEVICE
/* The device has no state of its own. */
static int kbd_uart_pm_action(const struct device *dev, enum pm_device_action action)
{
	int ret = pm_device_action_run(real_uart(dev), action);

	return (ret == -EALREADY) ? 0 : ret;
}
#endif

#define IS_CHOSEN(_node, _chosen)                                                                  \
	COND_CODE_1(DT_HAS_CHOSEN(_chosen), (DT_SAME_NODE(_node, DT_CHOSEN(_chosen))), (0))

/* Of several: the shell's, or else the console's. */
#define IS_MAIN(_node)                                                                             \
	(DT_NUM_INST_STATUS_OKAY(DT_DRV_COMPAT) == 1 || IS_CHOSEN(_node, zephyr_shell_uart) ||     \
	 (!CHOSEN_IS_KBD_UART(zephyr_shell_uart) && IS_CHOSEN(_node, zephyr_console)))

#define KBD_UART_DEFINE(_inst)                                                                     \
	BUILD_ASSERT(DT_NODE_HAS_STATUS(DT_INST_PHANDLE(_inst, uart), okay),                       \
		     "the UART under " DT_NODE_PATH(DT_DRV_INST(_inst)) " is not enabled");        \
                                                                                                   \
	static struct kbd_uart_data kbd_uart_data_##_inst;                                         \
	/* Not in the image if it is the main one. */                                              \
	static struct micrort_console kbd_uart_console_##_inst;                                    \
	static const struct kbd_uart_config kbd_uart_config_##_inst = {                            \
		.uart = DEVICE_DT_GET(DT_INST_PHANDLE(_inst, uart)),                               \
		.console = IS_MAIN(DT_DRV_INST(_inst)) ? NULL : &kbd_uart_console_##_inst,    \
	};                                                                                         \
                                                                                                   \
	PM_DEVICE_DT_INST_DEFINE(_inst, kbd_uart_pm_action);                                       \
	DEVICE_DT_INST_DEFINE(_inst, kbd_uart_init, PM_DEVICE_DT_INST_GET(_inst),                  \
			      &kbd_uart_data_##_inst,                                              \
			      &kbd_uart_config_##_inst, PRE_KERNEL_1,                              \
			      CONFIG_MICRORT_KBD_UART_INIT_PRIORITY, &kbd_uart_api);

DT_INST_FOREACH_STATUS_OKAY(KBD_UART_DEFINE)
