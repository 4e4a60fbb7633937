#include "tui/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/attrs.h"

/* Puts a comma between groups of three of the first `digits` characters. */
static void group(const char *plain, size_t digits, char out[UNITS_MAX])
{
    size_t at = 0;

    for (size_t i = 0; plain[i] != '\0' && at + 2 < UNITS_MAX; i++) {
        if (i > 0 && i < digits && (digits - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = plain[i];
    }
    out[at] = '\0';
}

const char *units_count(uint64_t value, char out[UNITS_MAX])
{
    char plain[UNITS_MAX];

    snprintf(plain, sizeof(plain), "%" PRIu64, value);
    group(plain, strlen(plain), out);
    return out;
}

/* With so many decimals; what would print as "-0" loses its sign. */
static const char *grouped(double value, int decimals, char out[UNITS_MAX])
{
    char plain[UNITS_MAX];
    size_t sign;

    if (!isfinite(value) || fabs(value) >= 1e15)
        return strcpy(out, "?");
    if (fabs(value) < (decimals > 0 ? 0.05 : 0.5))
        value = 0;
    sign = value < 0 ? 1 : 0;
    snprintf(plain, sizeof(plain), "%.*f", decimals, value);
    out[0] = '-';
    group(plain + sign, strcspn(plain + sign, "."), out + sign);
    return out;
}

const char *units_tenths(double value, char out[UNITS_MAX])
{
    return grouped(value, 1, out);
}

const char *units_whole(double value, char out[UNITS_MAX])
{
    return grouped(value, 0, out);
}

const char *units_bytes(uint64_t bytes, char out[UNITS_MAX])
{
    static const char *const names[] = { "KiB", "MiB", "GiB",
                                         "TiB", "PiB", "EiB" };
    double value = (double)bytes / 1024;
    size_t i = 0;

    if (bytes < 1024) {
        snprintf(out, UNITS_MAX, "%" PRIu64 " B", bytes);
        return out;
    }
    /* 1023.95 would be printed as 1024.0 of the smaller unit. */
    while (value >= 1023.95 && i + 1 < ARRAY_LEN(names)) {
        value /= 1024;
        i++;
    }
    snprintf(out, UNITS_MAX, "%.1f %s", value, names[i]);
    return out;
}

const char *units_time(double ns, char out[UNITS_MAX])
{
    if (!isfinite(ns) || ns < 0 || ns >= 1e18)
        return strcpy(out, "?");
    if (ns < 999.5)
        snprintf(out, UNITS_MAX, "%.0f ns", ns);
    else if (ns < 999.95e3)
        snprintf(out, UNITS_MAX, "%.1f us", ns / 1e3);
    else if (ns < 999.95e6)
        snprintf(out, UNITS_MAX, "%.1f ms", ns / 1e6);
    else
        snprintf(out, UNITS_MAX, "%.2f s", ns / 1e9);
    return out;
}

const char *units_change(double before, double now, char out[UNITS_MAX])
{
    double percent = (now - before) * 100 / before;

    if (before <= 0 || !isfinite(percent) || fabs(percent) > 1e9)
        return strcpy(out, "");
    snprintf(out, UNITS_MAX, "%+.0f%%", percent);
    if (strcmp(out, "-0%") == 0)
        out[0] = '+';
    return out;
}
