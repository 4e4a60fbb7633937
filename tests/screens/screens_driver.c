/*
 * screens_driver.c - plays one case on the demo and prints the screen.
 *
 *   screens_driver CASE.keys
 *
 * The first line of a case is its screen: "80x24", then words: en or zh,
 * ascii or utf8, plain (traces without a course), note (the feed has one).
 * What follows are keys, as --script takes them.
 */
#include <stdio.h>
#include <string.h>

#include "screens/demo.h"

static int complain(const char *what)
{
    fprintf(stderr, "screens_driver: %s\n", what);
    return 2;
}

int main(int argc, char **argv)
{
    struct app_options options = { .dump = stdout };
    struct err err = { 0 };
    char script[4096];
    char *keys;
    char *word;
    bool is_plain = false;
    bool has_note = false;
    FILE *fp = argc == 2 ? fopen(argv[1], "r") : NULL;
    size_t size;
    struct demo *demo;
    enum err_code rc;

    if (fp == NULL)
        return complain("give one CASE.keys");
    size = fread(script, 1, sizeof(script) - 1, fp);
    fclose(fp);
    script[size] = '\0';
    keys = strchr(script, '\n');
    if (keys == NULL)
        return complain("the case has no first line");
    *keys++ = '\0';
    word = strtok(script, " ");
    if (word == NULL ||
        sscanf(word, "%dx%d", &options.cols, &options.rows) != 2)
        return complain("the first line begins with COLSxROWS");
    while ((word = strtok(NULL, " ")) != NULL) {
        if (strcmp(word, "zh") == 0)
            options.language = LANG_ZH;
        else if (strcmp(word, "ascii") == 0)
            options.ascii = true;
        else if (strcmp(word, "plain") == 0)
            is_plain = true;
        else if (strcmp(word, "note") == 0)
            has_note = true;
        else if (strcmp(word, "en") != 0 && strcmp(word, "utf8") != 0)
            return complain(word);
    }
    options.script = keys;
    options.command = "stackward view demo.swt";
    demo = demo_open();
    demo_options(demo, is_plain, has_note, &options);
    rc = app_run(&options, &err);
    demo_close(demo);
    return rc == ERR_OK ? 0 : complain(err.text);
}
