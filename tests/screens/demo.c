#include "screens/demo.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/attrs.h"
#include "screens/demo_coach.h"
#include "screens/demo_source.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { STAGES = 5, TRACES = 4, OPS = 6 };

struct demo {
    struct course course;
    struct course_stage stages[STAGES];
    char paths[TRACES][256];
    char plain[256];
    struct feed feed;
    bool is_plain;
    struct demo_coach coach;
};

/* How a site of the demo ends its blocks. */
enum life {
    LIFE_TEMPORARY,
    LIFE_UP,        /* freed by parse, one frame up */
    LIFE_OPERATION, /* freed by handle, the op, two frames up */
    LIFE_CROSSES,
    LIFE_LIVE,
};

struct demo_site {
    const char *call;    /* "function:line", called by parse */
    const char *runtime; /* the runtime call it used, or NULL */
    uint64_t size_bytes;
    enum life life;
    int per_op[TRACES]; /* blocks, by stage; odd ops make one more if < 0 */
};

/* clang-format off */
static const struct demo_site sites[] = {
    { "copy_header:97",   "@strdup", 128, LIFE_TEMPORARY, { 3, 0,  0, 0 } },
    { "json_node_new:88", NULL,       48, LIFE_OPERATION, { 4, 4,  0, 0 } },
    { "claims_push:51",   NULL,      100, LIFE_UP,        { 1, 1,  1, 0 } },
    { "box_new:12",       NULL,        8, LIFE_UP,        { 1, 1, -1, 0 } },
    { "session_new:20",   NULL,       96, LIFE_CROSSES,   { 1, 1,  1, 1 } },
    { "cache_\x1b[31mgrow\xff:70", NULL, 64, LIFE_LIVE,   { 0, 0,  0, 1 } },
};
/* clang-format on */

struct tape {
    struct builder *b;
    uint64_t next_activation;
    tracee_addr next_addr;
    tracee_addr late[OPS * 8]; /* freed after their op */
    size_t late_count;
};

static uint32_t stack_of(struct builder *b, const struct demo_site *site)
{
    if (site->runtime != NULL)
        return builder_stack(b, "main:9", "handle:30", "parse:41", site->call,
                             site->runtime, NULL);
    return builder_stack(b, "main:9", "handle:30", "parse:41", site->call,
                         NULL);
}

static void one_block(struct tape *t, const struct demo_site *site,
                      uint64_t op_activation)
{
    struct builder *b = t->b;
    uint32_t handle = builder_stack(b, "main:9", "handle:33", NULL);
    uint32_t parse = builder_stack(b, "main:9", "handle:30", "parse:44", NULL);
    uint32_t stack = stack_of(b, site);
    uint64_t maker = t->next_activation++;
    uint64_t parser = t->next_activation++;
    tracee_addr addr = t->next_addr += 0x100;

    builder_alloc(b, 0, stack, addr, site->size_bytes, "malloc", maker);
    switch (site->life) {
    case LIFE_TEMPORARY:
        builder_free(b, 0, stack, addr);
        return;
    case LIFE_UP:
        builder_return(b, 0, maker, parser);
        builder_free(b, 0, parse, addr);
        return;
    case LIFE_OPERATION:
        builder_return(b, 0, maker, parser);
        builder_return(b, 0, parser, op_activation);
        builder_free(b, 0, handle, addr);
        return;
    case LIFE_CROSSES:
        t->late[t->late_count++] = addr;
        return;
    case LIFE_LIVE:
        return;
    }
}

static void one_op(struct tape *t, size_t stage, int op)
{
    uint64_t activation = t->next_activation++;
    uint32_t handle = builder_stack(t->b, "main:9", "handle", NULL);

    builder_op_begin(t->b, 0, handle, activation);
    for (size_t i = 0; i < ARRAY_LEN(sites); i++) {
        int blocks = sites[i].per_op[stage];

        if (blocks < 0)
            blocks = -blocks + op % 2;
        for (int n = 0; n < blocks; n++)
            one_block(t, &sites[i], activation);
    }
    builder_op_end(t->b, 0, activation);
    for (size_t i = 0; i < t->late_count; i++)
        builder_free(t->b, 0, builder_stack(t->b, "main:11", NULL), t->late[i]);
    t->late_count = 0;
}

static void build(const char *path, const char *op, size_t stage)
{
    struct tape t = { .b = builder_open(path, op), .next_activation = 1 };
    char source[8192];

    for (int i = 0; i < OPS; i++)
        one_op(&t, stage, i);
    if (op != NULL)
        builder_source(t.b, "/src/prog.c",
                       demo_source(stage, source, sizeof(source)));
    builder_close(t.b);
}

static void poll(void *ctx, size_t stage, struct feed_stage *out)
{
    const struct demo *d = ctx;

    *out = (struct feed_stage){ .state = FEED_READY, .note = "" };
    if (d->is_plain) {
        out->path = stage == 0 ? d->plain : d->paths[1];
    } else if (stage < TRACES) {
        out->path = d->paths[stage];
        out->ns_per_op = 4810.0 - 1250.0 * (double)stage;
    } else {
        out->state = FEED_FAILED;
        out->note = "sampleapp: exit status 1";
    }
}

#define BOTH(en, zh) \
    {                \
        {            \
            en, zh   \
        }            \
    }

/* clang-format off */
static const struct course_stage stage_texts[STAGES] = {
    { .stage = 0, .name = "initial",
      .title = BOTH("everything is copied", "什么都复制"),
      .before = BOTH("Each request copies its headers, parses its claims into a tree and boxes every value.",
                     "每个请求都复制头部，把声明解析成一棵树，并把每个值都装箱。"),
      .heap = BOTH("A copy handed to a caller must outlive the function that made it.",
                   "交给调用者的副本必须比创建它的函数活得更久。"),
      .change = BOTH("Nothing yet: this is where the story starts.",
                     "还没有：故事从这里开始。"),
      .risk = BOTH("None but the cost.", "除了代价，没有别的。") },
    { .stage = 1, .name = "no copied headers",
      .title = BOTH("headers are borrowed", "借用头部"),
      .before = BOTH("Three headers were copied, read once and freed.",
                     "三个头部被复制，读一次就释放。"),
      .heap = BOTH("A copy has a length that is known only at run time, so malloc was the easy answer.",
                   "副本的长度到运行时才知道，所以 malloc 是最省事的办法。"),
      .change = BOTH("A (pointer, length) pair names the bytes where they are.",
                     "用（指针，长度）指出字节在哪里。"),
      .risk = BOTH("The request must outlive every view into it. That holds here, because the op owns both, but no compiler checks it.",
                   "请求必须比指向它的所有视图活得更久。在这里成立，因为两者都归操作所有；但没有编译器替你检查。"),
      .question = { .text = BOTH("Which site goes first?", "哪个分配点最先消失？"),
                    .answers = { BOTH("copy_header", "copy_header"),
                                 BOTH("json_node_new", "json_node_new"),
                                 BOTH("session_new", "session_new") },
                    .answer_count = 3, .correct = 0,
                    .feedback = BOTH("Its blocks die before it returns.",
                                     "它的内存块在返回之前就死了。") } },
    { .stage = 2, .name = "no tree",
      .title = BOTH("claims go into a struct", "声明直接进结构体"),
      .before = BOTH("A tree was built to read four fields.", "为了读四个字段建了一棵树。"),
      .heap = BOTH("Nodes live until the op ends.", "节点活到操作结束。"),
      .change = BOTH("A struct on the stack.", "栈上的一个结构体。"),
      .risk = BOTH("A new field needs new code.", "新字段需要新代码。") },
    { .stage = 3, .name = "pooled",
      .title = BOTH("a pool", "池"),
      .before = BOTH("", ""), .heap = BOTH("", ""), .change = BOTH("", ""),
      .risk = BOTH("", "") },
    { .stage = 4, .name = "final", .title = BOTH("the end", "终点"),
      .before = BOTH("", ""), .heap = BOTH("", ""), .change = BOTH("", ""),
      .risk = BOTH("", "") },
};
/* clang-format on */

struct demo *demo_open(void)
{
    struct demo *d = calloc(1, sizeof(*d));

    if (d == NULL)
        abort();
    for (size_t i = 0; i < TRACES; i++) {
        snprintf(d->paths[i], sizeof(d->paths[i]), "%s", temp_path("s.swt"));
        build(d->paths[i], "handle", i);
    }
    snprintf(d->plain, sizeof(d->plain), "%s", temp_path("plain.swt"));
    build(d->plain, NULL, 0);
    for (size_t i = 0; i < STAGES; i++)
        d->stages[i] = stage_texts[i];
    d->course = (struct course){ .stages = d->stages,
                                 .stage_count = STAGES,
                                 .title = BOTH("demo", "演示"),
                                 .ops = OPS };
    return d;
}

void demo_close(struct demo *d)
{
    free(d);
}

void demo_options(struct demo *d, bool is_plain, bool has_note,
                  struct app_options *options)
{
    static const char *const titles[] = { "plain.swt", "ops.swt" };

    d->is_plain = is_plain;
    d->feed = (struct feed){
        .ctx = d,
        .stage_count = is_plain ? 2 : STAGES,
        .note = has_note ? "tracing is not permitted here: these are the "
                           "recorded traces that come with the course"
                         : "",
        .poll = poll,
    };
    options->course = is_plain ? NULL : &d->course;
    options->titles = is_plain ? titles : NULL;
    options->feed = &d->feed;
    demo_coach_init(&d->coach);
    options->coach = is_plain ? NULL : &d->coach.coach;
}
