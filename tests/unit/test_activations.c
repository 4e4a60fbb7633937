/*
 * Against a slow, obvious model: an array of blocks that know their owner.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/activations.h"
#include "support/alloc_fail.h"

enum { ACTIVATIONS = 40, BLOCKS = 200, STEPS = 200000 };

struct model {
    uint32_t nodes[ACTIVATIONS]; /* 0: not begun */
    uint64_t ids[ACTIVATIONS];
    int owners[BLOCKS]; /* -2 no block, -1 nobody's, else an index */
};

static bool model_owns_any(const struct model *m, int activation)
{
    for (int i = 0; i < BLOCKS; i++)
        if (m->owners[i] == activation)
            return true;
    return false;
}

static tracee_addr addr_of(int block)
{
    return 0x1000 + (tracee_addr)block * 16;
}

static void begin(struct activations *a, struct model *m, int i)
{
    struct err err;

    if (m->nodes[i] != 0)
        return;
    assert_int_equal(activations_begin(a, &m->nodes[i], &err), ERR_OK);
    m->ids[i] = activations_id(a, m->nodes[i]);
}

static void end(struct activations *a, struct model *m, int i, int heir)
{
    bool to_nobody = heir == i || m->nodes[heir] == 0;

    if (m->nodes[i] == 0)
        return;
    activations_end(a, m->nodes[i], to_nobody ? OWNER_NONE : m->nodes[heir]);
    m->nodes[i] = 0;
    for (int k = 0; k < BLOCKS; k++)
        if (m->owners[k] == i)
            m->owners[k] = to_nobody ? -1 : heir;
}

static void add(struct activations *a, struct model *m, int block, int owner)
{
    struct err err;
    bool to_nobody = m->nodes[owner] == 0;

    assert_int_equal(
        activations_add_block(a, addr_of(block),
                              to_nobody ? OWNER_NONE : m->nodes[owner], &err),
        ERR_OK);
    m->owners[block] = to_nobody ? -1 : owner;
}

static void check(struct activations *a, const struct model *m)
{
    for (int i = 0; i < ACTIVATIONS; i++) {
        if (m->nodes[i] == 0)
            continue;
        assert_int_equal(activations_id(a, m->nodes[i]), m->ids[i]);
        assert_int_equal(activations_owns_any(a, m->nodes[i]),
                         model_owns_any(m, i));
    }
}

static void activations__agree_with_a_list(void **unused)
{
    struct activations a;
    struct model m = { .nodes = { 0 } };
    struct err err;

    (void)unused;
    srand(3);
    for (int i = 0; i < BLOCKS; i++)
        m.owners[i] = -2;
    assert_int_equal(activations_init(&a, &err), ERR_OK);
    for (int step = 0; step < STEPS; step++) {
        int i = rand() % ACTIVATIONS;
        int block = rand() % BLOCKS;

        switch (rand() % 5) {
        case 0:
            begin(&a, &m, i);
            break;
        case 1:
            end(&a, &m, i, rand() % ACTIVATIONS);
            break;
        case 2:
            assert_int_equal(activations_take_block(&a, addr_of(block)),
                             m.owners[block] != -2);
            m.owners[block] = -2;
            break;
        default:
            add(&a, &m, block, i);
            break;
        }
        if (step % 50 == 0)
            check(&a, &m);
    }
    for (int i = 0; i < BLOCKS; i++)
        assert_int_equal(activations_has_block(&a, addr_of(i)),
                         m.owners[i] != -2);
    activations_fini(&a);
}

static void activations__never_reuse_a_number(void **unused)
{
    struct activations a;
    struct err err;
    uint64_t last = 0;

    (void)unused;
    assert_int_equal(activations_init(&a, &err), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        uint32_t node;

        assert_int_equal(activations_begin(&a, &node, &err), ERR_OK);
        assert_true(activations_id(&a, node) > last);
        last = activations_id(&a, node);
        activations_end(&a, node, OWNER_NONE);
    }
    assert_true(a.count < 10); /* nodes are used again */
    activations_reset(&a);
    assert_int_equal(a.last_id, last);
    activations_fini(&a);
}

static enum err_code fill(struct activations *a, struct err *err)
{
    enum err_code rc = activations_init(a, err);

    for (int i = 0; rc == ERR_OK && i < 100; i++) {
        uint32_t node = OWNER_NONE;

        rc = activations_begin(a, &node, err);
        if (rc == ERR_OK)
            rc = activations_add_block(a, addr_of(i), node, err);
    }
    return rc;
}

static void activations__survive_each_failed_allocation(void **unused)
{
    enum err_code rc = ERR_NO_MEMORY;

    (void)unused;
    for (size_t nth = 1; rc == ERR_NO_MEMORY && nth < 100; nth++) {
        struct activations a = { 0 };
        struct err err;

        alloc_fail_at(nth);
        rc = fill(&a, &err);
        alloc_fail_at(0);
        activations_fini(&a);
    }
    assert_int_equal(rc, ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations__agree_with_a_list),
        cmocka_unit_test(activations__never_reuse_a_number),
        cmocka_unit_test(activations__survive_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
