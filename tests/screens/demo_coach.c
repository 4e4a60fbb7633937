#include "screens/demo_coach.h"

#include <stdio.h>
#include <string.h>

#include "base/attrs.h"

#define BOTH(en, zh) \
    {                \
        {            \
            en, zh   \
        }            \
    }

/* clang-format off */
static const struct course_exercise exercises[DEMO_EXERCISES] = {
    { .name = "headers", .title = BOTH("Borrow the headers", "借用头部"),
      .task = BOTH("Make parse stop copying headers. Change headers.c only; what it prints must stay the same.",
                   "让 parse 不再复制头部。只改 headers.c，输出必须保持不变。"),
      .start = 18, .goal = 11,
      .hints = { BOTH("Who frees the copy, and when?", "副本由谁释放，何时释放？"),
                 BOTH("A pointer and a length need no copy.", "有指针和长度就不用复制。") },
      .hint_count = 2,
      .explain = BOTH("The request outlives every view into it.", "请求比指向它的视图活得久。"),
      .question = { .text = BOTH("How many does one op make?", "一次操作分配多少次？"),
                    .answers = { BOTH("12", "12"), BOTH("18", "18") },
                    .answer_count = 2, .correct = 1,
                    .feedback = BOTH("Three headers, six blocks each.", "三个头部，每个六块。") } },
    { .name = "pool", .title = BOTH("Take it from a pool", "从池里取"),
      .task = BOTH("Reuse the session.", "重复使用会话。"), .start = 3, .goal = 0,
      .hints = { BOTH("It has one size.", "大小只有一种。") }, .hint_count = 1,
      .explain = BOTH("One size, one owner.", "一种大小，一个所有者。") },
};

static const struct coach_result results[] = {
    { .steps = { COACH_FAILED }, .trouble = TROUBLE_TOLD,
      .want = "headers.c:12:5: error: unknown type name 'spam'" },
    { .steps = { COACH_OK, COACH_FAILED }, .trouble = TROUBLE_DIFFERS, .number = 3,
      .want = "200 alice", .got = "200 \x1b[31mbob" },
    { .steps = { COACH_OK, COACH_OK, COACH_OK, COACH_FAILED }, .trouble = TROUBLE_LEAKS,
      .number = 40, .other = 5120, .has_figures = true, .ops = 20,
      .allocs_median = 2, .allocs_max = 2, .site_count = 1, .sites_in_all = 1,
      .sites = { { "trim_copy", "headers.c:51", "L", 2.0 } } },
    { .steps = { COACH_OK, COACH_OK, COACH_OK, COACH_OK, COACH_FAILED },
      .trouble = TROUBLE_TOO_MANY, .number = 13, .other = 11, .has_figures = true,
      .ops = 20, .allocs_median = 13, .allocs_max = 13, .site_count = 2,
      .sites_in_all = 5,
      .sites = { { "json_node_new", "json.c:88", "O", 10.0 },
                 { "trim_copy", "headers.c:51", "T", 2.0 } } },
    { .steps = { COACH_OK, COACH_OK, COACH_OK, COACH_OK, COACH_OK },
      .has_figures = true, .ops = 20, .allocs_median = 11, .allocs_max = 11,
      .site_count = 1, .sites_in_all = 1,
      .sites = { { "json_node_new", "json.c:88", "O", 11.0 } } },
};
/* clang-format on */

static const struct coach_desk *look(void *ctx, size_t exercise)
{
    struct demo_coach *d = ctx;

    return &d->desks[exercise];
}

static enum err_code prepare(void *ctx, size_t exercise, struct err *err)
{
    (void)ctx;
    if (exercise == 1)
        return err_set(err, ERR_DENIED, "cannot write /course/pool/pool.c");
    return ERR_OK;
}

static enum err_code run(void *ctx, size_t exercise, struct err *err)
{
    struct demo_coach *d = ctx;
    struct coach_desk *desk = &d->desks[exercise];

    (void)err;
    desk->last = results[desk->runs % ARRAY_LEN(results)];
    desk->runs++;
    if (coach_is_passed(&desk->last))
        desk->has_passed = true;
    return ERR_OK;
}

static enum err_code reset(void *ctx, size_t exercise, struct err *err)
{
    struct demo_coach *d = ctx;

    (void)err;
    d->desks[exercise].last = (struct coach_result){ .number = 0 };
    d->resets++;
    return ERR_OK;
}

static const char *solution(void *ctx, size_t exercise)
{
    struct demo_coach *d = ctx;

    return d->desks[exercise].has_passed ? "int main(void)\n{\n}\n" : NULL;
}

void demo_coach_init(struct demo_coach *d)
{
    *d = (struct demo_coach){
        .coach = { .ctx = d,
                   .count = DEMO_EXERCISES,
                   .look = look,
                   .prepare = prepare,
                   .run = run,
                   .reset = reset,
                   .solution = solution },
        .desks = { { .exercise = &exercises[0],
                     .stage = 1,
                     .path = "/home/you/headers/headers.c" },
                   { .exercise = &exercises[1],
                     .stage = 3,
                     .path = "/home/you/pool/pool.c" } },
    };
}
