/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* On Zephyr the build makes this file. */

#ifndef MICRORT_HOST_SYSCALLS_KBD_INTR_H_
#define MICRORT_HOST_SYSCALLS_KBD_INTR_H_

#ifdef __cplusplus
extern "C" {
#endif

int z_impl_micrort_kbd_intr_raise(void);
int z_impl_micrort_check(void);

static inline int micrort_kbd_intr_raise(void)
{
	return z_impl_micrort_kbd_intr_raise();
}

static inline int micrort_check(void)
{
	return z_impl_micrort_check();
}

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_HOST_SYSCALLS_KBD_INTR_H_ */
