/* System calls that wait go on as if nobody watched, while another thread
 * allocates all the time: same results, same errno. */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

static atomic_int is_over;
static int line;

static void *churn(void *unused)
{
    (void)unused;
    while (!is_over) {
        line = __LINE__ + 1;
        free(keep(malloc(10)));
    }
    return NULL;
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Each waits 50 ms for what never comes. */
static int wait_in(int how, int fd)
{
    struct timespec time = { 0, 50000000 };
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
    struct epoll_event event = { .events = EPOLLIN };
    static int word;
    int epoll;
    int result;

    errno = 0;
    switch (how) {
    case 0:
        return nanosleep(&time, NULL);
    case 1:
        return (int)syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, NULL, 0);
    case 2:
        return poll(&poll_fd, 1, 50);
    case 3:
        epoll = epoll_create1(0);
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
        result = epoll_wait(epoll, &event, 1, 50);
        close(epoll);
        return result;
    default:
        return clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
    }
}

int main(void)
{
    static const int want[][2] = {
        { 0, 0 }, { -1, ETIMEDOUT }, { 0, 0 }, { 0, 0 }, { 0, 0 },
    };
    pthread_t thread;
    int fds[2];

    expect_begin();
    if (pipe(fds) != 0 || pthread_create(&thread, NULL, churn, NULL) != 0)
        return 1;
    for (int how = 0; how < 5; how++) {
        double began = now_s();
        int result = wait_in(how, fds[0]);

        if (result != want[how][0] || errno != want[how][1] ||
            now_s() - began < 0.05)
            return 10 + how;
    }
    is_over = 1;
    pthread_join(thread, NULL);
    expect("ledger stacks_cut=0");
    expect("ledger frees_unknown=0");
    return 0;
}
