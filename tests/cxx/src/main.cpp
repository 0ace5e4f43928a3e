/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Every macro of the C API, in C++. */

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

ZTEST_SUITE(cxx, NULL, NULL, NULL, NULL, NULL);

MICRORT_CONST(BAUD, 115200);
MICRORT_CONST(ALL_ONES, UINT64_MAX);
MICRORT_CONST_BOOL(HAS_LED, true);
MICRORT_CONST_STR(BOARD_NAME, "demo");
MICRORT_CONST(_HIDDEN, 1);

static struct micrort_const_value value_of(const char *name)
{
	struct micrort_const_value value;

	zassert_ok(micrort_const_get(name, &value), "%s", name);

	return value;
}

ZTEST(cxx, test_constants)
{
	struct micrort_const_value value;

	static_assert(BAUD == 115200, "usable in constant expressions");
	zassert_equal(value_of("BAUD").kind, MICRORT_CONST_KIND_INT);
	zassert_equal(value_of("BAUD").int_value, 115200);
	zassert_equal(value_of("ALL_ONES").kind, MICRORT_CONST_KIND_UINT);
	zassert_equal(value_of("ALL_ONES").uint_value, UINT64_MAX);
	zassert_equal(value_of("HAS_LED").kind, MICRORT_CONST_KIND_BOOL);
	zassert_true(value_of("HAS_LED").bool_value);
	zassert_equal(value_of("BOARD_NAME").kind, MICRORT_CONST_KIND_STR);
	zassert_str_equal(value_of("BOARD_NAME").str_value, "demo");
	zassert_equal(micrort_const_get("_HIDDEN", &value), -ENOENT);
}

MICRORT_QSTR_DEFINE(hello, "hello");

ZTEST(cxx, test_strings)
{
	int plain = MICRORT_QSTR("plain");

	zassert_true(plain > 0);
	zassert_equal(micrort_qstr_from_str("plain"), plain);
	zassert_true(micrort_qstr_find_strn("hello", 5) > 0);
}

template <int N> static int in_a_template()
{
	return MICRORT_QSTR("in a template") + N - N;
}

inline int in_an_inline_function()
{
	return MICRORT_QSTR("in an inline function");
}

struct Named {
	int id()
	{
		return MICRORT_QSTR("in a class");
	}
};

ZTEST(cxx, test_strings_in_templates)
{
	int id = in_a_template<1>();

	zassert_equal(in_a_template<2>(), id);
	zassert_str_equal(micrort_qstr_str(id), "in a template");
	zassert_str_equal(micrort_qstr_str(in_an_inline_function()), "in an inline function");
	zassert_str_equal(micrort_qstr_str(Named().id()), "in a class");
}

static int functions;

static void count(struct micrort_task *task)
{
	ARG_UNUSED(task);

	functions++;
}

static MICRORT_TASK_DEFINE(plain_task, count);

class Button {
public:
	int presses = 0;

	int press()
	{
		return micrort_task_schedule(&task);
	}

private:
	struct micrort_task task = MICRORT_TASK_INITIALIZER(&Button::run);

	static void run(struct micrort_task *task)
	{
		CONTAINER_OF(task, Button, task)->presses++;
	}
};

/* Its constructor runs before main(), and schedules. */
class Early {
public:
	Early()
	{
		ret = micrort_schedule([](void *arg) { *static_cast<int *>(arg) += 1; }, &ran);
	}

	int ret = -1;
	int ran = 0;
};

static Button button;
static Early early;

ZTEST(cxx, test_functions_and_tasks)
{
	zassert_ok(early.ret);
	zassert_equal(early.ran, 1);
	zassert_ok(button.press());
	zassert_ok(micrort_task_schedule(&plain_task));
	zassert_ok(micrort_sleep(K_MSEC(10)));
	zassert_equal(button.presses, 1);
	zassert_equal(functions, 1);
}

MICRORT_EXCEPTION_TYPE_DECLARE(my_error);
MICRORT_EXCEPTION_TYPE_DEFINE(my_error, "MyError");

ZTEST(cxx, test_exceptions_and_assertions)
{
	zassert_ok(micrort_raise(&my_error));
	zassert_ok(micrort_raise(&my_error, "value %d", 3));
	zassert_true(MICRORT_ASSERT(functions >= 0));
	zassert_false(MICRORT_ASSERT(functions < 0, "functions %d", functions));
	zassert_equal(micrort_exception_clear(), 3);
}

K_HEAP_DEFINE(my_heap, 512);
MICRORT_HEAP_LOCK_REGISTER(my_heap);

ZTEST(cxx, test_heap_lock)
{
	void *block;

	zassert_ok(micrort_heap_lock());
	zassert_is_null(k_heap_alloc(&my_heap, 16, K_NO_WAIT));
	zassert_ok(micrort_heap_unlock());
	block = k_heap_alloc(&my_heap, 16, K_NO_WAIT);
	zassert_not_null(block);
	k_heap_free(&my_heap, block);
}
