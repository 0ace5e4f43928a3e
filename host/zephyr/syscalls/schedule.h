/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* On Zephyr the build makes this file. */

#ifndef MICRORT_HOST_SYSCALLS_SCHEDULE_H_
#define MICRORT_HOST_SYSCALLS_SCHEDULE_H_

#ifdef __cplusplus
extern "C" {
#endif

int z_impl_micrort_poll(void);

static inline int micrort_poll(void)
{
	return z_impl_micrort_poll();
}

static inline int micrort_sleep(k_timeout_t timeout)
{
	return micrort_host_sleep_us(timeout.ticks);
}

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_HOST_SYSCALLS_SCHEDULE_H_ */
