#include "base/program.h"

#include <criterion/criterion.h>

static bool
run(const char *const *argv, const char *in, size_t len, Buf *out, Error *err)
{
    return program_run(&(Program){.argv = argv, .package = "coreutils", .seconds = 1, .memory = 1u << 28, .output = 1u << 22}, in, len, out, err);
}

Test(program, bytes_go_through)
{
    Buf in = {0}, out = {0};
    Error err = {0};

    for (int i = 0; i < 300000; i++)
        buf_char(&in, (char)i);
    cr_assert(run((const char *const[]){"cat", NULL}, in.bytes, in.len, &out, &err));
    cr_assert(out.len == in.len && memcmp(out.bytes, in.bytes, in.len) == 0);
    buf_close(&in);
    buf_close(&out);
}

Test(program, one_that_does_not_read_is_no_harm)
{
    Buf in = {0}, out = {0};
    Error err = {0};

    for (int i = 0; i < 3000000; i++)
        buf_char(&in, 'x');
    cr_assert(run((const char *const[]){"echo", "yes", NULL}, in.bytes, in.len, &out, &err));
    cr_assert_str_eq(out.bytes, "yes\n");
    buf_close(&in);
    buf_close(&out);
}

Test(program, failures_are_told)
{
    Buf out = {0};
    Error missing = {0}, failed = {0}, slow = {0}, much = {0};

    cr_assert_not(run((const char *const[]){"no-such-program-here", NULL}, "", 0, &out, &missing));
    cr_assert(strstr(missing.message, "coreutils"));
    cr_assert_not(run((const char *const[]){"false", NULL}, "", 0, &out, &failed));
    cr_assert(strstr(failed.message, "failed"));
    cr_assert_not(run((const char *const[]){"sleep", "20", NULL}, "", 0, &out, &slow));
    cr_assert(strstr(slow.message, "too long"));
    cr_assert_not(run((const char *const[]){"yes", NULL}, "", 0, &out, &much));
    cr_assert(much.kind == ERROR_IO);
    buf_close(&out);
}
