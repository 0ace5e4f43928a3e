/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Where an exception is raised, and the arguments of its text: what only C can tell.
 */

#include <errno.h>
#include <stdarg.h>

#include <zephyr/kernel.h>

#include "port.h"
#include "versions.h"

/* A va_list may be an array, which a function cannot take by reference. */
struct arguments {
	va_list list;
};

uint64_t micrort_port_number_argument(void *arguments, bool wide)
{
	struct arguments *from = arguments;

	/* No type that is promoted has another size. */
	return wide ? va_arg(from->list, unsigned long long) : va_arg(from->list, unsigned int);
}

const char *micrort_port_text_argument(void *arguments, size_t limit, size_t *length)
{
	struct arguments *from = arguments;
	const char *text = va_arg(from->list, const char *);
	size_t count = 0;

	if (text == NULL) {
		text = "(null)";
	}
	while (count < limit && text[count] != '\0') {
		count++;
	}
	*length = count;

	return text;
}

static unsigned int interrupt_number(void)
{
	uint32_t number = 0;

#ifdef CONFIG_CPU_CORTEX_M
	__asm__ volatile("mrs %0, ipsr" : "=r"(number));
#endif

	return number;
}

/*
 * Of the architectures that walk a stack, these can walk the one that they stand on. Without frame
 * pointers they take every word that looks like code.
 */
#if defined(HAS_STACK_WALK) && defined(CONFIG_FRAME_POINTER) &&                                    \
	(defined(CONFIG_RISCV) || defined(CONFIG_ARM64))

struct walk {
	struct micrort_port_place *place;
	bool callers;
};

/* The walk begins inside itself: what it meets before the first address is not the caller's. */
static bool add_address(void *cookie, unsigned long address)
{
	struct walk *walk = cookie;
	struct micrort_port_place *place = walk->place;

	if (walk->callers) {
		place->addresses[place->address_count++] = address;
	}
	walk->callers |= address == place->addresses[0];

	return place->address_count < ARRAY_SIZE(place->addresses);
}

static void add_callers(struct micrort_port_place *place)
{
	struct walk walk = {.place = place};

	arch_stack_walk(add_address, &walk, k_current_get(), NULL);
}

#else

static void add_callers(struct micrort_port_place *place)
{
	ARG_UNUSED(place);
}

#endif

int micrort_raise_at(const struct micrort_exception_type *type, const char *file,
		     unsigned int line, const char *fmt, ...)
{
	struct micrort_port_place place = {
		.file = file,
		.line = line,
		.address_count = 1,
		.addresses = {(uintptr_t)__builtin_return_address(0)},
	};
	struct arguments arguments;
	int ret;

	if (type == NULL || fmt == NULL) {
		return -EINVAL;
	}
	va_start(arguments.list, fmt);
	if (k_is_in_isr()) {
		place.interrupt = interrupt_number();
	} else if (!k_is_pre_kernel()) {
		add_callers(&place);
	}
	ret = k_is_in_isr() ? micrort_exception_raise_isr(type, &place, fmt, &arguments)
			    : micrort_exception_raise(type, &place, fmt, &arguments);
	va_end(arguments.list);

	return ret;
}
