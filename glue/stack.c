/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Bounds of stacks, and where their stack pointers are.
 */

#include <errno.h>

#include <zephyr/kernel.h>

#if defined(CONFIG_CPU_CORTEX_M)
#include <cmsis_core.h>
#endif

#include "port.h"

extern struct k_thread z_main_thread;

k_tid_t micrort_main_thread(void)
{
	return &z_main_thread;
}

#if defined(CONFIG_INIT_STACKS) && defined(CONFIG_THREAD_STACK_INFO) && !defined(CONFIG_ARCH_POSIX)

/* Private to the kernel; declared in its kernel_internal.h. */
int z_stack_space_get(const uint8_t *stack_start, size_t size, size_t *unused_ptr);

size_t micrort_port_stack_unused(uintptr_t start, size_t size)
{
	size_t unused;

	return z_stack_space_get((const uint8_t *)start, size, &unused) == 0 ? unused : SIZE_MAX;
}

#else

size_t micrort_port_stack_unused(uintptr_t start, size_t size)
{
	ARG_UNUSED(start);
	ARG_UNUSED(size);

	return SIZE_MAX;
}

#endif

#if !defined(CONFIG_ARCH_POSIX)

/* Private to the kernel, too. */
K_KERNEL_STACK_ARRAY_DECLARE(z_interrupt_stacks, CONFIG_MP_MAX_NUM_CPUS, CONFIG_ISR_STACK_SIZE);

static void set_interrupt_bounds(unsigned int cpu, struct micrort_port_stack *stack)
{
	stack->start = (uintptr_t)K_KERNEL_STACK_BUFFER(z_interrupt_stacks[cpu]);
	stack->size = K_KERNEL_STACK_SIZEOF(z_interrupt_stacks[cpu]);
	stack->grows_up = IS_ENABLED(CONFIG_STACK_GROWS_UP);
}

static bool is_inside(const struct micrort_port_stack *stack, uintptr_t pointer)
{
	return pointer >= stack->start && pointer - stack->start <= stack->size;
}

int micrort_port_interrupt_stack(unsigned int cpu, struct micrort_port_stack *stack)
{
	uintptr_t pointer = (uintptr_t)__builtin_frame_address(0);

	if (cpu >= arch_num_cpus()) {
		return -EINVAL;
	}
	set_interrupt_bounds(cpu, stack);
	stack->pointer = SIZE_MAX;
	if (k_is_in_isr() && is_inside(stack, pointer)) {
		stack->pointer = pointer;
	} else if (!k_is_in_isr() && arch_num_cpus() == 1) {
		/* The only CPU is in a thread. */
		stack->pointer = stack->grows_up ? stack->start : stack->start + stack->size;
	}

	return 0;
}

static int stack_of_interrupt(struct micrort_port_stack *stack)
{
	uintptr_t pointer = (uintptr_t)__builtin_frame_address(0);

	for (unsigned int cpu = 0; cpu < arch_num_cpus(); cpu++) {
		set_interrupt_bounds(cpu, stack);
		if (is_inside(stack, pointer)) {
			return micrort_port_interrupt_stack(cpu, stack);
		}
	}

	return -ENOTSUP;
}

#if defined(CONFIG_THREAD_STACK_INFO)

/* Where the context switch leaves the stack pointer, for a thread that does not run. */
static uintptr_t saved_pointer(const struct k_thread *thread)
{
#if defined(CONFIG_CPU_CORTEX_M) && defined(CONFIG_USE_SWITCH)
	/* The frame that the switch leaves on the thread's stack; psp is there, too, and is not kept. */
	return (uintptr_t)thread->switch_handle;
#elif defined(CONFIG_CPU_CORTEX_M)
	return thread->callee_saved.psp;
#elif defined(CONFIG_ARM64)
	return thread->callee_saved.sp_elx;
#elif defined(CONFIG_X86_64)
	return thread->callee_saved.rsp;
#elif defined(CONFIG_RISCV)
	return thread->callee_saved.sp;
#else
	ARG_UNUSED(thread);

	return SIZE_MAX;
#endif
}

static bool is_running(const struct k_thread *thread)
{
	for (unsigned int cpu = 0; cpu < arch_num_cpus(); cpu++) {
		if (_kernel.cpus[cpu].current == thread) {
			return true;
		}
	}

	return false;
}

static uintptr_t pointer_of(const struct k_thread *thread)
{
	if (thread == k_current_get() && !k_is_in_isr()) {
		return (uintptr_t)__builtin_frame_address(0);
	}
#if defined(CONFIG_CPU_CORTEX_M)
	if (thread == k_current_get()) {
		return __get_PSP();
	}
#endif

	return is_running(thread) ? SIZE_MAX : saved_pointer(thread);
}

#if defined(CONFIG_THREAD_MONITOR)

struct search {
	const struct k_thread *thread;
	bool found;
};

static void compare(const struct k_thread *thread, void *search_arg)
{
	struct search *search = search_arg;

	search->found |= thread == search->thread;
}

/* The kernel has a list of its threads: nothing of what is on no list is read. */
static bool is_thread(const struct k_thread *thread)
{
	struct search search = {.thread = thread};

	k_thread_foreach(compare, &search);

	return search.found;
}

#else

/* What a k_thread cannot be that was started and has not ended. */
static bool is_thread(const struct k_thread *thread)
{
	return IS_ALIGNED(thread, __alignof__(*thread)) &&
	       (thread->base.thread_state & _THREAD_DEAD) == 0 && thread->stack_info.size != 0 &&
	       thread->stack_info.start + thread->stack_info.size > thread->stack_info.start;
}

#endif /* CONFIG_THREAD_MONITOR */

int micrort_port_stack(k_tid_t thread, struct micrort_port_stack *stack)
{
	if (thread == NULL && k_is_in_isr()) {
		return stack_of_interrupt(stack);
	}
	if (thread == NULL) {
		thread = k_current_get();
	} else if (!is_thread(thread)) {
		return -ESRCH;
	}
	stack->start = thread->stack_info.start;
	stack->size = thread->stack_info.size;
	stack->grows_up = IS_ENABLED(CONFIG_STACK_GROWS_UP);
	stack->pointer = pointer_of(thread);

	return 0;
}

#else

int micrort_port_stack(k_tid_t thread, struct micrort_port_stack *stack)
{
	return thread == NULL && k_is_in_isr() ? stack_of_interrupt(stack) : -ENOTSUP;
}

#endif /* CONFIG_THREAD_STACK_INFO */

#else /* CONFIG_ARCH_POSIX */

/* A thread runs on a stack of the host's, and so does what interrupts it. */
int micrort_port_stack(k_tid_t thread, struct micrort_port_stack *stack)
{
	if (thread != NULL && thread != k_current_get()) {
		return -ENOTSUP;
	}
	stack->pointer = (uintptr_t)__builtin_frame_address(0);

	return micrort_native_stack(&stack->start, &stack->size) == 0 ? 0 : -ENOTSUP;
}

int micrort_port_interrupt_stack(unsigned int cpu, struct micrort_port_stack *stack)
{
	ARG_UNUSED(stack);

	return cpu < arch_num_cpus() ? -ENOTSUP : -EINVAL;
}

#if !defined(CONFIG_NATIVE_LIBRARY)

int micrort_native_stack(uintptr_t *start, size_t *size)
{
	ARG_UNUSED(start);
	ARG_UNUSED(size);

	return -1;
}

#endif

#endif /* CONFIG_ARCH_POSIX */
