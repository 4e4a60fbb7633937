/* Makes threads and children of every kind for a while, allocating in each,
 * and says in a file whether all ended as they should. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failed;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void churn(int count)
{
    for (int i = 0; i < count; i++)
        free(malloc((size_t)(i % 100) + 1));
}

static void *work(void *unused)
{
    churn(50);
    return unused;
}

static void expect_exit(pid_t pid, int want)
{
    int status = -1;

    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != want)
        failed = 1;
}

static void make_children(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        churn(50);
        _exit(3);
    }
    expect_exit(pid, 3);
    pid = vfork();
    if (pid == 0) {
        execl("/bin/sleep", "sleep", "0.05", (char *)NULL);
        _exit(127);
    }
    expect_exit(pid, 0);
}

int main(int argc, char **argv)
{
    double began = now_s();
    FILE *fp = argc > 1 ? fopen(argv[1], "w") : NULL;

    if (fp == NULL)
        return 2;
    while (now_s() - began < 1.0) {
        pthread_t threads[4];

        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, work, NULL);
        make_children();
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    fputs(failed ? "a child ended wrongly\n" : "done\n", fp);
    return fclose(fp) != 0;
}
