#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine/ruleset.h"

#include "base/hash.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <sys/stat.h>

extern const unsigned char onrecord_pack[];
extern const unsigned char onrecord_pack_end[];

/* ---- compiling */

/* A fault `at` bytes into the rule's match; the caret fits the line of the file, whose beginning ("match = ") is blank. */
static bool
pattern_fault(const Rule *rule, size_t at, Error *err, const char *message)
{
    size_t start = 0, line = rule->match_line, pad = rule->match_column - 1, n = 0, len;
    char shown[sizeof err->source];

    for (size_t i = 0; i < at; i++)
        if (rule->match[i] == '\n') {
            start = i + 1;
            pad = 0;
            line++;
        }
    while (n < pad && n < sizeof shown)
        shown[n++] = ' ';
    len = strcspn(rule->match + start, "\n");
    len = len < sizeof shown - n ? len : sizeof shown - n;
    memcpy(shown + n, rule->match + start, len);
    return error_set(err, ERROR_RULE, rule->path, line, pad + at - start + 1, shown, n + len, "%s", message);
}

/* The words of a character rule's key `needs` or `begins`, cut as a text is: a bit for each rule word.  NULL if it has none. */
static const uint64_t *
read_needs(RuleSet *rs, Rule *rule)
{
    const char *begins = rule_get(rule, "begins"), *needs = begins ? begins : rule_get(rule, "needs");
    TokenVec words = {0};
    uint64_t *needed;

    if (needs == NULL)
        return NULL;
    rule->begins = begins != NULL;
    needed = arena_zero(&rs->arena, (UINT16_MAX + 1) / 8);
    tokens_cut(&rs->arena, needs, (uint32_t)strlen(needs), &words);
    for (uint32_t i = 0; i < words.count; i++) {
        uint16_t word = rulewords_intern(&rs->words, words.items[i].hash);
        needed[word >> 6] |= 1ull << (word & 63);
    }
    return needed;
}

static bool
compile_character(RuleSet *rs, Rule *rule, Error *err)
{
    int why = 0;
    PCRE2_SIZE at = 0;
    uint32_t count, entries, size;
    PCRE2_SPTR table;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)rule->match, strlen(rule->match),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_EXTENDED | PCRE2_NEVER_BACKSLASH_C, &why, &at, NULL);

    if (code == NULL) {
        PCRE2_UCHAR message[160];
        pcre2_get_error_message(why, message, sizeof message);
        return pattern_fault(rule, at, err, (const char *)message);
    }
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &entries);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    if (count > MATCH_GROUPS || count != entries) {
        pcre2_code_free(code);
        return pattern_fault(rule, 0, err, "groups are (?: ) or have a name, at most 8");
    }
    rule->group_count = count;
    for (uint32_t i = 0; i < entries; i++) /* the table lives as long as the code */
        rule->groups[(table[i * size] << 8 | table[i * size + 1]) - 1] = (const char *)table + i * size + 2;
    rule->code = code;
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, slower and as right */
    rule->needed = read_needs(rs, rule);
    return true;
}

/* The words that nearly every text has are numbered first. */
static void
number_often(RuleSet *rs)
{
    for (uint32_t i = 0; i < rs->files.often.count; i++) {
        const char *text = rs->files.often.items[i];
        TokenVec words = {0};
        tokens_cut(&rs->arena, text, (uint32_t)strlen(text), &words);
        for (uint32_t k = 0; k < words.count; k++)
            rulewords_intern(&rs->words, words.items[k].hash);
    }
    rs->words.often = rs->words.count;
}

/* Features that stages ask for need their place on the tape as well. */
static bool
place_used(RuleSet *rs, Error *err)
{
    for (uint32_t i = 0; i < rs->files.uses.count; i++)
        for (const char *p = rs->files.uses.items[i]; *p;) {
            size_t n = strcspn(p, " \t\n");
            uint16_t feature = n ? feature_find(&rs->features, p, n) : FEATURE_NONE;
            if (feature != FEATURE_NONE && !feature_place(&rs->features, feature))
                return error_set(err, ERROR_RULE, NULL, 0, 0, NULL, 0, "the tape has no room for the feature %.*s",
                                 (int)n, p);
            p += n + (p[n] != '\0');
        }
    return true;
}

static bool
compile_rules(RuleSet *rs, Error *err)
{
    number_often(rs);
    if (!place_used(rs, err))
        return false;
    for (uint32_t i = 0; i < rs->files.rules.count; i++) {
        Rule *rule = rs->files.rules.items[i];
        rule->number = i;
        if (rule->kind == RULE_TOKEN ? !tokenrule_compile(rule, &rs->files, &rs->features, &rs->words, err)
                                     : !compile_character(rs, rule, err))
            return false;
        for (uint32_t g = 0; g < rule->group_count; g++) {
            const char *text = arena_join(&rs->arena, rule->name, " ", rule->groups[g]);
            rule->group_key[g] = name_bytes(rule->groups[g]);
            rule->group_hash[g] = hash_bytes(text, strlen(text));
        }
    }
    return true;
}

/* The slot that holds the rule of this name, or the empty one where it would be put. */
static uint32_t *
slot_of(const RuleSet *rs, const char *name, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & rs->rule_mask;

    for (; rs->rule_slots[at]; at = (at + 1) & rs->rule_mask) {
        const Rule *rule = rs->files.rules.items[rs->rule_slots[at] - 1];
        if (rule->hash == hash && strcmp(rule->name, name) == 0)
            break;
    }
    return &rs->rule_slots[at];
}

static void
index_rules(RuleSet *rs)
{
    uint32_t size = 64;

    while (size < rs->files.rules.count * 4)
        size *= 2;
    rs->rule_mask = size - 1;
    rs->rule_slots = arena_zero(&rs->arena, size * sizeof *rs->rule_slots);
    for (uint32_t i = 0; i < rs->files.rules.count; i++)
        *slot_of(rs, rs->files.rules.items[i]->name, rs->files.rules.items[i]->hash) = i + 1;
}

/* ---- phases */

static bool
make_phases(RuleSet *rs, Error *err)
{
    rs->tests.arena = &rs->arena;
    rs->phases = arena_zero(&rs->arena, (rs->files.rules.count + 1) * sizeof *rs->phases);
    for (uint32_t i = 0; i < rs->files.rules.count; i++) {
        Rule *rule = rs->files.rules.items[i];
        Phase *phase = NULL;
        for (uint32_t j = 0; j < rs->phase_count; j++)
            if (strcmp(rs->phases[j].name, rule->phase) == 0)
                phase = &rs->phases[j];
        if (phase == NULL) {
            phase = &rs->phases[rs->phase_count];
            *phase = (Phase){.name = rule->phase, .hash = hash_bytes(rule->phase, strlen(rule->phase)), .number = rs->phase_count++, .kind = rule->kind, .scope = rule->scope};
            phase->rules = arena_alloc(&rs->arena, rs->files.rules.count * sizeof *phase->rules);
        }
        if (phase->kind != rule->kind || phase->scope != rule->scope)
            return error_set(err, ERROR_RULE, rule->path, rule->line, 1, NULL, 0,
                             "the phase %s has rules of another kind or scope already", rule->phase);
        phase->rules[phase->count++] = rule;
        if (rule->kind == RULE_TOKEN)
            prefilter_ask(rule, &rs->tests, &rs->arena);
    }
    tests_finish(&rs->tests);
    if (rs->tests.too_many)
        return error_set(err, ERROR_RULE, NULL, 0, 0, NULL, 0, "the rules ask for too many different things of a token");
    for (uint32_t i = 0; i < rs->phase_count; i++) {
        Phase *phase = &rs->phases[i];
        if (phase->kind != RULE_TOKEN)
            continue;
        prefilter_make(&phase->filter, phase->rules, phase->count, &rs->tests, &rs->arena);
        for (uint32_t k = 0; k < phase->count; k++)
            if ((phase->rules[k]->program = machine_code(phase->rules[k]->node, &rs->tests, &rs->arena)) == NULL)
                return pattern_fault(phase->rules[k], 0, err, "the rule repeats too much");
    }
    return true;
}

/* ---- features on the tape */

/* Fill up the bits of a set that begins at `from`, so that their number is a multiple of BITS_AT_ONCE and not 0: the last one
 * again, or the one that nobody asks for. */
static uint32_t
fill_up(SetBits *set, uint32_t from, uint32_t end, uint16_t nothing)
{
    if (end == from)
        set->bits[end++] = nothing;
    for (uint32_t i = 0; i + 1 < BITS_AT_ONCE; i++) /* there is room, and what is too much is written over */
        set->bits[end + i] = set->bits[end - 1];
    return from + (end - from + BITS_AT_ONCE - 1) / BITS_AT_ONCE * BITS_AT_ONCE;
}

/* Of each set of a lexicon the bits where an entry begins, and inside one. */
static void
make_set_bits(RuleSet *rs, const Lexicon *lex, SetBits *begins, SetBits *insides)
{
    const Feature *features = rs->features.items;
    uint16_t nothing = (uint16_t)rs->features.bits;
    uint32_t first = 0, more = 0, room = lex->code_count + lex->set_count * BITS_AT_ONCE + 1;

    begins->of = arena_alloc(&rs->arena, lex->set_count * sizeof *begins->of);
    begins->bits = arena_alloc(&rs->arena, (size_t)room * sizeof *begins->bits);
    insides->of = arena_alloc(&rs->arena, lex->set_count * sizeof *insides->of);
    insides->bits = arena_alloc(&rs->arena, (size_t)room * sizeof *insides->bits);
    for (uint32_t set = 0; set < lex->set_count; set++) {
        uint32_t end = lex->sets[set + 1], first_from = first, more_from = more;
        for (uint32_t i = lex->sets[set]; i < end; i++) {
            const Feature *f = &features[lex->codes[i]];
            begins->bits[first] = f->begin;
            first += f->begin != BIT_NONE;
            insides->bits[more] = f->inside;
            more += f->inside != BIT_NONE;
        }
        first = fill_up(begins, first_from, first, nothing);
        more = fill_up(insides, more_from, more, nothing);
        begins->of[set] = setbits_pack(first_from, first - first_from);
        insides->of[set] = setbits_pack(more_from, more - more_from);
    }
}

/* ---- reading folders */

static char *
read_file(const char *path, size_t *len, Error *err)
{
    FILE *file = fopen(path, "rb");
    Buf buf = {0};
    char block[65536];
    size_t n;

    if (file == NULL) {
        error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
        return NULL;
    }
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&buf, block, n);
    if (ferror(file)) {
        error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
        fclose(file);
        buf_close(&buf);
        return NULL;
    }
    fclose(file);
    buf_room(&buf, 1);
    buf.bytes[buf.len] = '\0';
    *len = buf.len;
    return buf.bytes;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

static bool read_user_folder(RuleSet *rs, const char *dir, int depth, Error *err);

static bool
read_user_file(RuleSet *rs, const char *path, int depth, Error *err)
{
    struct stat st;
    size_t len;
    char *text;
    bool ok = true;

    if (stat(path, &st) != 0)
        return error_set(err, ERROR_IO, path, 0, 0, NULL, 0, "%s", strerror(errno));
    if (S_ISDIR(st.st_mode))
        return depth > 8 || read_user_folder(rs, path, depth + 1, err);
    if (!ends_with(path, ".rules") && !ends_with(path, ".tsv"))
        return true;
    if ((text = read_file(path, &len, err)) == NULL)
        return false;
    if (ends_with(path, ".rules")) {
        ok = rulefile_read(&rs->files, path, text, len, err);
    } else if (ends_with(path, "weights.tsv")) {
        Weights fresh = {0};
        ok = weights_read(&fresh, path, text, len, err);
        if (ok && rs->own_weights)
            weights_close(&rs->weights);
        if (ok) {
            rs->weights = fresh;
            rs->own_weights = true;
        }
    } else {
        if (rs->user == NULL)
            rs->user = lexbuilder_new(&rs->features);
        ok = lexbuilder_read(rs->user, path, text, len, err);
    }
    free(text);
    return ok;
}

static bool
read_user_folder(RuleSet *rs, const char *dir, int depth, Error *err)
{
    struct dirent **names;
    int count = scandir(dir, &names, NULL, compare_names);
    bool ok = true;

    if (count < 0)
        return error_set(err, ERROR_IO, dir, 0, 0, NULL, 0, "the rules folder cannot be read: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        if (ok && names[i]->d_name[0] != '.')
            ok = read_user_file(rs, arena_printf(&rs->arena, "%s/%s", dir, names[i]->d_name), depth, err);
        free(names[i]);
    }
    free(names);
    return ok;
}

/* ---- loading */

static void
name_reasons(RuleSet *rs)
{
    rs->list_reasons = arena_alloc(&rs->arena, rs->features.count * sizeof *rs->list_reasons);
    for (uint32_t i = 0; i < rs->features.count; i++)
        rs->list_reasons[i] = arena_join(&rs->arena, "list.", rs->features.items[i].name, "");
}

RuleSet *
ruleset_load_pack(const unsigned char *pack, size_t len, const char *const *dirs, uint32_t dir_count, Error *err)
{
    RuleSet *rs = mem_zero(1, sizeof *rs);

    arena_init(&rs->arena);
    features_init(&rs->features);
    rulewords_init(&rs->words);
    rs->files.arena = &rs->arena;
    if (pack) {
        if (!pack_view(&rs->pack, &rs->features, pack, len)) {
            error_set(err, ERROR_RULE, NULL, 0, 0, NULL, 0, "the rules in the program are damaged; build it again");
            goto failed;
        }
        rs->lexicons[rs->lexicon_count++] = rs->pack.lexicon;
        rs->weights = rs->pack.weights;
        for (uint32_t i = 0; i < rs->pack.file_count; i++)
            if (!rulefile_read(&rs->files, rs->pack.files[i].path, rs->pack.files[i].text, rs->pack.files[i].len, err))
                goto failed;
    }
    rs->files.own = true;
    for (uint32_t i = 0; i < dir_count; i++) {
        rs->files.fragments_before = rs->files.fragments.count;
        if (!read_user_folder(rs, dirs[i], 0, err))
            goto failed;
    }
    if (rs->user)
        lexbuilder_finish(rs->user, &rs->lexicons[rs->lexicon_count++]);
    if (!compile_rules(rs, err) || !make_phases(rs, err))
        goto failed;
    for (uint32_t i = 0; i < rs->lexicon_count; i++)
        make_set_bits(rs, &rs->lexicons[i], &rs->begins[i], &rs->insides[i]);
    index_rules(rs);
    name_reasons(rs);
    return rs;
failed:
    ruleset_free(rs);
    return NULL;
}

RuleSet *
ruleset_load(const char *const *dirs, uint32_t dir_count, Error *err)
{
    return ruleset_load_pack(onrecord_pack, (size_t)(onrecord_pack_end - onrecord_pack), dirs, dir_count, err);
}

void
ruleset_free(RuleSet *rs)
{
    if (rs == NULL)
        return;
    for (uint32_t i = 0; i < rs->files.rules.count; i++)
        pcre2_code_free(rs->files.rules.items[i]->code);
    if (rs->own_weights)
        weights_close(&rs->weights);
    lexbuilder_free(rs->user);
    rulewords_close(&rs->words);
    features_close(&rs->features);
    free(rs->pack.files);
    arena_close(&rs->arena);
    free(rs);
}

uint16_t
ruleset_feature(const RuleSet *rules, const char *name)
{
    return feature_find(&rules->features, name, strlen(name));
}

const Phase *
ruleset_phase(const RuleSet *rules, const char *name)
{
    uint64_t hash = hash_bytes(name, strlen(name));

    for (uint32_t i = 0; i < rules->phase_count; i++)
        if (rules->phases[i].hash == hash && strcmp(rules->phases[i].name, name) == 0)
            return &rules->phases[i];
    return NULL;
}

const Phase *
ruleset_lone_phase(RuleSet *rules, const Rule *rule)
{
    Phase *phase = arena_zero(&rules->arena, sizeof *phase);

    *phase = *ruleset_phase(rules, rule->phase); /* with its prefilter, which numbers the rule's tests */
    phase->rules = arena_alloc(&rules->arena, sizeof *phase->rules);
    phase->rules[0] = rules->files.rules.items[rule->number];
    phase->count = 1;
    return phase;
}

const Rule *
ruleset_rule(const RuleSet *rules, const char *name)
{
    uint32_t found = *slot_of(rules, name, hash_bytes(name, strlen(name)));

    return found ? rules->files.rules.items[found - 1] : NULL;
}
