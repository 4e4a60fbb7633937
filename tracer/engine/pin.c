#include "engine/pin.h"

int pin_begin(struct pin *p)
{
    int cpu = sched_getcpu();

    if (cpu < 0 || sched_getaffinity(0, sizeof(p->before), &p->before) != 0)
        return -1;
    CPU_ZERO(&p->during);
    CPU_SET((size_t)cpu, &p->during);
    if (sched_setaffinity(0, sizeof(p->during), &p->during) != 0)
        return -1;
    p->was_set = p->is_set = true;
    return cpu;
}

void pin_lift(const struct pin *p, pid_t tid)
{
    cpu_set_t now;

    if (p->was_set && sched_getaffinity(tid, sizeof(now), &now) == 0 &&
        CPU_EQUAL(&now, &p->during))
        sched_setaffinity(tid, sizeof(p->before), &p->before);
}

void pin_end(struct pin *p)
{
    if (p->is_set)
        pin_lift(p, 0);
    p->is_set = false;
}
