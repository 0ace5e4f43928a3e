/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief const.h: compile-time constants that are found by name; micropython/const.py,
 * const_intstr.py, constants of which a name with an underscore leaves nothing.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "elsewhere.h"

/* Not in the order of names. */
MICRORT_CONST(ZERO, 0);
MICRORT_CONST(MINUS_ONE, -1);
MICRORT_CONST(LEAST, INT64_MIN);
MICRORT_CONST(LARGEST, INT64_MAX);
MICRORT_CONST(LARGEST_UNSIGNED, UINT64_MAX);
MICRORT_CONST(ABOVE_SIGNED, BIT64(63));
MICRORT_CONST(SMALL_UNSIGNED, 7U);
MICRORT_CONST(NARROW, (int8_t)-128);
MICRORT_CONST(FROM_OTHERS, 2 * SMALL_UNSIGNED + sizeof(uint32_t));
MICRORT_CONST(A, 'a');
MICRORT_CONST(AB, 2);
MICRORT_CONST(A_, 3);
MICRORT_CONST(N10, 10);
MICRORT_CONST(N2, 2);
MICRORT_CONST(lower_case, 4);
MICRORT_CONST_BOOL(YES, 100 > 1);
MICRORT_CONST_BOOL(NO, 0);
MICRORT_CONST_BOOL(FOUR_IS_TRUE, 4);
MICRORT_CONST_STR(TEXT, "some text");
MICRORT_CONST_STR(EMPTY_TEXT, "");

MICRORT_CONST(_HIDDEN, 1);
MICRORT_CONST(_, 11);
MICRORT_CONST(__LARGEST, UINT64_MAX);
MICRORT_CONST_BOOL(_HIDDEN_BOOL, 1);
MICRORT_CONST_STR(_HIDDEN_TEXT, "not in the image");

/* Usable where C wants a constant expression. */
BUILD_ASSERT(FROM_OTHERS == 18 && YES && !NO && LARGEST_UNSIGNED == UINT64_MAX && __LARGEST > 0);
BUILD_ASSERT(sizeof(TEXT) == sizeof("some text"));
static const char array[SMALL_UNSIGNED + _HIDDEN];

#define INTEGER(_name) {#_name, {.kind = MICRORT_CONST_KIND_INT, .int_value = (_name)}}
#define UNSIGNED(_name) {#_name, {.kind = MICRORT_CONST_KIND_UINT, .uint_value = (_name)}}
#define BOOLEAN(_name) {#_name, {.kind = MICRORT_CONST_KIND_BOOL, .bool_value = (_name)}}
#define STRING(_name) {#_name, {.kind = MICRORT_CONST_KIND_STR, .str_value = (_name)}}

/* All of the image, in order. */
static const struct {
	const char *name;
	struct micrort_const_value value;
} all[] = {
	INTEGER(A),
	INTEGER(AB),
	UNSIGNED(ABOVE_SIGNED),
	INTEGER(A_),
	{"EARLY", {.kind = MICRORT_CONST_KIND_INT, .int_value = 1001}},
	{"ELSEWHERE", {.kind = MICRORT_CONST_KIND_INT, .int_value = 3}},
	STRING(EMPTY_TEXT),
	BOOLEAN(FOUR_IS_TRUE),
	INTEGER(FROM_OTHERS),
	INTEGER(LARGEST),
	UNSIGNED(LARGEST_UNSIGNED),
	INTEGER(LEAST),
	INTEGER(MINUS_ONE),
	INTEGER(N10),
	INTEGER(N2),
	INTEGER(NARROW),
	BOOLEAN(NO),
	INTEGER(SMALL_UNSIGNED),
	STRING(TEXT),
	BOOLEAN(YES),
	INTEGER(ZERO),
	INTEGER(lower_case),
};

ZTEST_SUITE(constants, NULL, NULL, NULL, NULL, NULL);

static void check_value(const char *name, uint8_t kind, int64_t bits, bool boolean,
			const char *string, const struct micrort_const_value *wanted)
{
	zassert_equal(kind, wanted->kind, "%s", name);
	switch (kind) {
	case MICRORT_CONST_KIND_BOOL:
		zassert_equal(boolean, wanted->bool_value, "%s", name);
		break;
	case MICRORT_CONST_KIND_STR:
		zassert_str_equal(string, wanted->str_value, "%s", name);
		break;
	default:
		zassert_equal(bits, wanted->int_value, "%s", name);
		break;
	}
}

ZTEST(constants, test_every_name_is_found)
{
	ARRAY_FOR_EACH(all, i) {
		struct micrort_const_value value;

		zassert_ok(micrort_const_get(all[i].name, &value), "%s", all[i].name);
		check_value(all[i].name, value.kind, value.int_value, value.bool_value,
			    value.str_value, &all[i].value);
	}
}

ZTEST(constants, test_table_in_the_order_of_names)
{
	zassert_equal(micrort_const_count(), ARRAY_SIZE(all));
	ARRAY_FOR_EACH(all, i) {
		const struct micrort_const *entry = micrort_const_at(i);

		zassert_not_null(entry);
		zassert_str_equal(entry->name, all[i].name);
		check_value(entry->name, entry->kind, entry->int_value, entry->bool_value,
			    entry->str_value, &all[i].value);
	}
	zassert_is_null(micrort_const_at(ARRAY_SIZE(all)));
	zassert_is_null(micrort_const_at(SIZE_MAX));
}

static void check_missing(const char *name)
{
	struct micrort_const_value value;
	struct micrort_const_value untouched;

	memset(&value, 0x5a, sizeof(value));
	untouched = value;
	zassert_equal(micrort_const_get(name, &value), -ENOENT, "%s", name);
	zassert_mem_equal(&value, &untouched, sizeof(value), "%s", name);
}

/** Before the first, after the last, and beside each one. */
ZTEST(constants, test_missing_names)
{
	static const char *const missing[] = {"", "0", "@", "a", "zzz", "\xff", "lower_casE", "N"};
	char name[32];

	ARRAY_FOR_EACH(missing, i) {
		check_missing(missing[i]);
	}
	ARRAY_FOR_EACH(all, i) {
		size_t length = strlen(all[i].name);

		snprintk(name, sizeof(name), "%s!", all[i].name);
		check_missing(name);
		snprintk(name, sizeof(name), "%s~", all[i].name);
		check_missing(name);
		name[length - 1]--;
		name[length] = '\0';
		check_missing(name);
	}
}

ZTEST(constants, test_hidden)
{
	zassert_equal(sizeof(array), 8);
	zassert_equal(_HIDDEN, 1);
	zassert_equal(hidden_elsewhere(), 2);
	zassert_true(_HIDDEN_BOOL);
	zassert_equal(_, 11);
	zassert_str_equal(_HIDDEN_TEXT, "not in the image");
	check_missing("_HIDDEN");
	check_missing("_");
	check_missing("__LARGEST");
	check_missing("_HIDDEN_BOOL");
	check_missing("_HIDDEN_TEXT");
	check_missing("HIDDEN");
	for (size_t i = 0; i < micrort_const_count(); i++) {
		zassert_not_equal(micrort_const_at(i)->name[0], '_');
	}
}

ZTEST(constants, test_no_name_and_no_value)
{
	struct micrort_const_value value;

	zassert_equal(micrort_const_get(NULL, &value), -EINVAL);
	zassert_equal(micrort_const_get("A", NULL), -EINVAL);
	zassert_equal(micrort_const_get("missing", NULL), -EINVAL);
	zassert_equal(micrort_const_get(NULL, NULL), -EINVAL);
}
