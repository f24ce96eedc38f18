/* Zones: what each paragraph of the page is.
 *
 * Character rules (phase `zones`) say what a line looks like: `zone = boilerplate` for menu, copyright and sharing lines,
 * `byline`, `dateline`, `date`, `caption`.  A page's furniture stands before the story and after it, so one sure menu
 * line there makes the lines beyond it furniture too.  The last line before the first prose is the headline. */
#include "stages/stages.h"

#include <stdlib.h>

typedef enum { LINE_PLAIN, LINE_PROSE, LINE_MENU, LINE_BYLINE, LINE_DATE, LINE_DATELINE, LINE_CAPTION } LineKind;

typedef struct {
    LineKind kind;
    const char *rule;
} Line;

/* The rules of the phase, read once for all articles. */
typedef struct ZoneRules {
    const Phase *phase;
    LineKind *kinds;      /* that each says */
    VEC(uint16_t) words;  /* that they need: those of the first, those of the next … */
    uint32_t *words_from; /* … where those of each begin, and one more */
    uint32_t set_words;   /* of a set of rules, which has a bit for each */
    uint64_t *free, *anywhere, *in_prose; /* such sets: who needs no word; who is asked of lines outside the page's head; who of prose */
    uint16_t menu_feature;
} ZoneRules;

typedef struct {
    Article *a;
    const RuleSet *rules;
    Scratch *scratch;
    const ZoneRules *ask;
    Line *lines; /* one for each paragraph */
    uint64_t *may; /* for each paragraph a set: which rules need a word and find it there */
} Zoner;

enum { HEAD = 24, PROSE_TOKENS = 14, LONG_LINE = 400 };

/* How many of the tokens bear a bit of the tape. */
static uint32_t
count_bit(const Article *a, Range tokens, uint16_t bit)
{
    uint32_t count = 0;

    for (uint32_t at = tokens.start, next; bit != BIT_NONE && at < tokens.end; at = next) {
        uint64_t word = tape_row(a, bit)[at >> 6] >> (at & 63);
        next = (at | 63) + 1;
        count += (uint32_t)__builtin_popcountll(next <= tokens.end ? word : word & ((1ull << (tokens.end - at)) - 1));
    }
    return count;
}

static bool
ends_like_prose(const Article *a, Range tokens)
{
    for (uint32_t i = tokens.end; i-- > tokens.start && i + 4 > tokens.end;) {
        const Token *t = &a->tokens.items[i];
        char c = a->text[t->end - 1];
        if (c == '.' || c == '?' || c == '!' || c == ':')
            return true;
    }
    return false;
}

static bool
is_prose(const Article *a, Range tokens)
{
    uint32_t count = tokens.end - tokens.start, lower, words;

    if (count < PROSE_TOKENS)
        return false;
    lower = count_bit(a, tokens, F_LOWER);
    words = count_bit(a, tokens, F_WORD);
    return lower * 2 >= words && (ends_like_prose(a, tokens) || count > 40);
}

/* Is the whole line made of entries of the menu list, with bars or bullets between? */
static bool
is_menu_line(const Zoner *z, Range tokens)
{
    const Feature *menu = z->ask->menu_feature != FEATURE_NONE ? &z->rules->features.items[z->ask->menu_feature] : NULL;
    uint32_t other = 0, in = 0;

    if (menu == NULL || count_bit(z->a, tokens, menu->begin) + count_bit(z->a, tokens, menu->inside) == 0)
        return false;
    for (uint32_t i = tokens.start; i < tokens.end; i++) {
        bool marked = token_has(z->a, z->rules, i, z->ask->menu_feature);
        in += marked;
        other += !marked && z->a->tokens.items[i].shape != SHAPE_PUNCT;
    }
    return other * 3 <= in;
}

/* Find the paragraphs in which a rule may match, since a word stands there that it needs.  Nearly all rules need words that nearly no
 * line has, so this is asked of the words, not of the lines. */
static void
find_needed(Zoner *z, uint32_t number)
{
    const Article *a = z->a;

    for (uint32_t w = z->ask->words_from[number]; w < z->ask->words_from[number + 1]; w++) {
        uint32_t word = z->ask->words.items[w];
        for (uint32_t i = a->word_from[word]; i < a->word_from[word + 1]; i++) {
            uint32_t token = a->word_at[i];
            if (!z->ask->phase->rules[number]->begins || (a->tokens.items[token].flags & TOKEN_PARAGRAPH))
                z->may[(size_t)article_paragraph_of(a, token) * z->ask->set_words + number / 64] |= 1ull << (number & 63);
        }
    }
}

static void
find_all_needed(Zoner *z)
{
    z->may = arena_zero(&z->scratch->arena, ((size_t)z->a->paragraphs.count + 1) * z->ask->set_words * sizeof *z->may);
    for (uint32_t i = 0; z->ask->phase && i < z->ask->phase->count; i++)
        find_needed(z, i);
}

static LineKind
kind_of_rule(const Rule *rule)
{
    static const struct {
        const char *zone;
        LineKind kind;
    } KINDS[] = {{"boilerplate", LINE_MENU}, {"byline", LINE_BYLINE},   {"date", LINE_DATE},
                 {"dateline", LINE_DATELINE}, {"caption", LINE_CAPTION}};
    const char *zone = rule_get(rule, "zone");

    for (size_t i = 0; zone && i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(zone, KINDS[i].zone) == 0)
            return KINDS[i].kind;
    return LINE_PLAIN;
}

static const char *
group_text(Zoner *z, const Rule *rule, const Span *groups, const char *name)
{
    int group = rule_group(rule, name);

    return group < 0 || groups[group].start == NONE ? NULL : article_slice(z->a, groups[group]);
}

/* "1996-08-22" from the groups year, month (a number, or a word with the attribute `number`) and day. */
static void
take_date(Zoner *z, const Rule *rule, const Span *groups)
{
    const char *year = group_text(z, rule, groups, "year"), *month = group_text(z, rule, groups, "month"),
               *day = group_text(z, rule, groups, "day"), *number = NULL;
    int group = rule_group(rule, "month");

    if (z->a->published || year == NULL || month == NULL || day == NULL)
        return;
    if (month[0] >= '0' && month[0] <= '9') {
        number = month;
    } else {
        uint32_t token = article_token_at(z->a, groups[group].start);
        number = ruleset_attribute(z->rules, z->a, (Range){token, token + 1}, "month", "number");
    }
    if (number)
        z->a->published = arena_printf(z->a->arena, "%s-%02d-%02d", year, (int)strtol(number, NULL, 10),
                                       (int)strtol(day, NULL, 10));
}

static void
add_zone(Article *a, Span bytes, ZoneKind kind, const char *rule)
{
    *vec_push(a->arena, &a->zones) = (Zone){bytes, kind, rule};
}

/* Where a dateline stands, and the date behind it. */
static void
take_dateline(Zoner *z, const Rule *rule, Range tokens, Span whole, const Span *groups)
{
    Article *a = z->a;
    int place = rule_group(rule, "dateline");

    if (a->dateline == NULL && place >= 0) {
        a->dateline = article_slice(a, groups[place]);
        add_zone(a, whole, ZONE_DATELINE, rule->name);
        for (uint32_t t = article_token_at(a, whole.start); t < tokens.end && a->tokens.items[t].end <= whole.end; t++)
            tape_mark_one(a, z->rules, t, F_DATELINE);
    }
    take_date(z, rule, groups);
}

/* Does the rule say what the line is? */
static bool
try_rule(Zoner *z, uint32_t number, Range tokens, Span text, Line *line)
{
    const Rule *rule = z->ask->phase->rules[number];
    LineKind kind = z->ask->kinds[number];
    Span whole, groups[MATCH_GROUPS];

    if (!character_rule_find(rule, z->a, z->scratch, text, &whole, groups))
        return false;
    if (kind == LINE_DATELINE)
        take_dateline(z, rule, tokens, whole, groups);
    if (kind == LINE_DATE)
        take_date(z, rule, groups);
    if (kind == LINE_BYLINE && z->a->byline == NULL)
        z->a->byline = group_text(z, rule, groups, "author");
    if (kind != LINE_DATELINE || line->kind != LINE_PROSE) /* prose with a dateline is prose */
        *line = (Line){kind, rule->name};
    return true;
}

/* The first rule that says what the line is. */
static Line
classify(Zoner *z, uint32_t number, bool in_head)
{
    const ZoneRules *ask = z->ask;
    Article *a = z->a;
    Range tokens = a->paragraphs.items[number].tokens;
    Span text = token_span(a, tokens);
    Line line = {is_prose(a, tokens) ? LINE_PROSE : LINE_PLAIN, NULL};

    if (line.kind == LINE_PLAIN && is_menu_line(z, tokens))
        return (Line){LINE_MENU, "zone.menu-line"};
    if (!in_head && text.end - text.start > LONG_LINE)
        return line;
    if (text.end - text.start > LONG_LINE) /* what a line is shows at its beginning */
        text.end = a->tokens.items[article_token_at(a, text.start + LONG_LINE)].start;
    for (uint32_t w = 0; w < ask->set_words; w++) {
        uint64_t rules = ask->free[w] | z->may[(size_t)number * ask->set_words + w];
        if (!in_head)
            rules &= ask->anywhere[w];
        if (line.kind == LINE_PROSE)
            rules &= ask->in_prose[w];
        for (; rules; rules &= rules - 1)
            if (try_rule(z, w * 64 + (uint32_t)__builtin_ctzll(rules), tokens, text, &line))
                return line;
    }
    return line;
}

static void
set_zone(Zoner *z, uint32_t number, ZoneKind kind)
{
    static const BuiltinFeature FEATURES[] = {[ZONE_HEADLINE] = F_HEADLINE, [ZONE_BYLINE] = F_BYLINE,
                                              [ZONE_CAPTION] = F_CAPTION, [ZONE_BOILERPLATE] = F_BOILERPLATE};
    Paragraph *p = &z->a->paragraphs.items[number];

    if (p->zone == ZONE_BOILERPLATE || kind == ZONE_BODY)
        return;
    p->zone = kind;
    for (uint32_t t = p->tokens.start; t < p->tokens.end; t++)
        tape_mark_one(z->a, z->rules, t, FEATURES[kind]);
}

/* The page's furniture: what lies before the last menu line of the head and behind the first one of the tail. */
static void
cut_furniture(Zoner *z, uint32_t first_prose, uint32_t last_prose)
{
    uint32_t count = z->a->paragraphs.count, top = 0, bottom = count, found = 0;

    for (uint32_t i = 0; i < first_prose && i < count; i++)
        if (z->lines[i].kind == LINE_MENU) {
            top = i + 1;
            found++;
        }
    for (uint32_t i = 0; i < top; i++)
        if (found > 1 || z->lines[i].kind == LINE_MENU)
            set_zone(z, i, ZONE_BOILERPLATE);
    for (uint32_t i = count; i-- > last_prose + 1;)
        if (z->lines[i].kind == LINE_MENU)
            bottom = i;
    for (uint32_t i = bottom; i < count; i++)
        set_zone(z, i, ZONE_BOILERPLATE);
    for (uint32_t i = top; i < bottom; i++)
        if (z->lines[i].kind == LINE_MENU)
            set_zone(z, i, ZONE_BOILERPLATE);
}

/* Where the input says what each part is, that holds; a menu line is one all the same. */
static void
follow_layout(Zoner *z)
{
    Article *a = z->a;

    for (uint32_t i = 0, part = 0; i < a->paragraphs.count; i++) {
        uint32_t start = token_span(a, a->paragraphs.items[i].tokens).start;
        while (part + 1 < a->layout_count && a->layout[part].bytes.end <= start)
            part++;
        z->lines[i].rule = z->lines[i].rule && z->lines[i].kind == LINE_MENU ? z->lines[i].rule : a->layout[part].rule;
        set_zone(z, i, a->layout[part].kind != ZONE_BODY ? a->layout[part].kind
                       : z->lines[i].kind == LINE_MENU   ? ZONE_BOILERPLATE
                                                         : ZONE_BODY);
    }
}

/* The body's paragraphs, as zones of their own: without the dateline, which is one already. */
static void
add_bodies(Article *a)
{
    uint32_t datelines = a->zones.count;

    for (uint32_t i = 0; i < a->paragraphs.count; i++) {
        Span bytes = token_span(a, a->paragraphs.items[i].tokens);
        if (a->paragraphs.items[i].zone != ZONE_BODY)
            continue;
        if (datelines && a->zones.items[0].bytes.start == bytes.start)
            bytes.start = a->zones.items[0].bytes.end;
        if (bytes.start < bytes.end)
            add_zone(a, bytes, ZONE_BODY, "zone.page");
    }
}

enum { LITTLE_WORD = 4, TITLE_WORDS = 4, NAMED_SPEAKER = 4, SHORT = 18 };

/* "Mayor Opens the New Harbour.": all but little words begin with capitals. */
static bool
is_title_case(const Article *a, Range tokens)
{
    uint32_t capitals = 0;

    for (uint32_t i = tokens.start; i < tokens.end; i++) {
        const Token *t = &a->tokens.items[i];
        if (t->shape == SHAPE_LOWER && t->end - t->start > LITTLE_WORD && !(t->flags & TOKEN_GLUED))
            return false;
        capitals += (t->flags & TOKEN_CAPITAL) != 0;
    }
    return capitals >= TITLE_WORDS;
}

/* "Jane Doe: harbour will stay open.": words with capitals and a colon. */
static bool
names_speaker(const Article *a, Range tokens)
{
    for (uint32_t i = tokens.start; i < tokens.end && i <= tokens.start + NAMED_SPEAKER; i++) {
        if (i > tokens.start && a->text[a->tokens.items[i].start] == ':')
            return true;
        if (!(a->tokens.items[i].flags & TOKEN_CAPITAL))
            return false;
    }
    return false;
}

/* Can a line that ends with a full stop be a headline?  Some houses, and some who store their stories, set one. */
static bool
stands_as_headline(const Article *a, const Paragraph *p)
{
    return p->capitals || is_title_case(a, p->tokens) || names_speaker(a, p->tokens);
}

/* The headline: the first line that is left, if a story follows it. */
static void
find_headline(Zoner *z, uint32_t first_prose)
{
    Article *a = z->a;

    for (uint32_t i = 0; i < a->paragraphs.count && i <= first_prose; i++) {
        Range tokens = a->paragraphs.items[i].tokens;
        Span text = token_span(a, tokens);
        bool stop = a->text[text.end - 1] == '.', stands = stands_as_headline(a, &a->paragraphs.items[i]);
        bool first = i == 0 && ((stands && tokens.end - tokens.start <= SHORT) || z->lines[1].kind != LINE_PROSE);
        if (a->paragraphs.items[i].zone == ZONE_BOILERPLATE || z->lines[i].kind == LINE_DATE ||
            z->lines[i].kind == LINE_BYLINE)
            continue;
        if (i + 1 >= a->paragraphs.count || tokens.end - tokens.start > 26 || z->lines[i].kind == LINE_DATELINE ||
            (stop && !stands))
            return;
        if (i == first_prose && z->lines[i].kind == LINE_PROSE && !first)
            return;
        set_zone(z, i, ZONE_HEADLINE);
        if (a->headline == NULL)
            a->headline = article_slice(a, text);
        return;
    }
}

/* Is nearly every letter of the paragraph a capital? */
static bool
is_in_capitals(const Article *a, Range tokens)
{
    uint32_t upper = count_bit(a, tokens, F_CAPS), lower = 0;

    for (uint32_t i = tokens.start; i < tokens.end && upper > lower * 4; i++) {
        uint8_t shape = a->tokens.items[i].shape;
        lower += shape == SHAPE_LOWER || shape == SHAPE_MIXED ||
                 (shape == SHAPE_CAP && !(a->tokens.items[i].flags & TOKEN_INITIAL));
    }
    return upper >= 2 && upper > lower * 4;
}

static int
compare_zones(const void *a, const void *b)
{
    const Zone *x = a, *y = b;

    return x->bytes.start < y->bytes.start ? -1 : x->bytes.start > y->bytes.start;
}

static void
read_rule(ZoneRules *ask, const RuleSet *rules, uint32_t number, Arena *arena)
{
    const Rule *rule = ask->phase->rules[number];
    LineKind kind = kind_of_rule(rule);
    uint64_t bit = 1ull << (number & 63);

    ask->kinds[number] = kind;
    if (rule->needed == NULL)
        ask->free[number / 64] |= bit;
    if (kind != LINE_BYLINE && kind != LINE_DATE && kind != LINE_DATELINE)
        ask->anywhere[number / 64] |= bit;
    if (kind == LINE_MENU || kind == LINE_DATELINE)
        ask->in_prose[number / 64] |= bit;
    for (uint32_t word = 0; rule->needed && word <= rules->words.count; word++)
        if (rule->needed[word >> 6] >> (word & 63) & 1)
            *vec_push(arena, &ask->words) = (uint16_t)word;
    ask->words_from[number + 1] = ask->words.count;
}

/* The rules of the phase, which are read for the first article. */
static const ZoneRules *
zone_rules(const RuleSet *rules, Scratch *scratch)
{
    const Phase *phase = ruleset_phase(rules, "zones");
    uint32_t count = phase ? phase->count : 0, set_words = count / 64 + 1;
    Arena *arena = &scratch->lasting;
    ZoneRules *ask = scratch->zones;

    if (ask)
        return ask;
    scratch->zones = ask = arena_zero(arena, sizeof *ask);
    *ask = (ZoneRules){.phase = phase, .set_words = set_words, .menu_feature = ruleset_feature(rules, "boiler.line"),
                       .kinds = arena_zero(arena, (count + 1) * sizeof *ask->kinds),
                       .words_from = arena_zero(arena, (count + 1) * sizeof *ask->words_from),
                       .free = arena_zero(arena, set_words * sizeof *ask->free),
                       .anywhere = arena_zero(arena, set_words * sizeof *ask->anywhere),
                       .in_prose = arena_zero(arena, set_words * sizeof *ask->in_prose)};
    for (uint32_t i = 0; i < count; i++)
        read_rule(ask, rules, i, arena);
    return ask;
}

bool
zones_run(Article *a, const RuleSet *rules, Scratch *scratch, Error *err)
{
    Zoner z = {.a = a, .rules = rules, .scratch = scratch, .ask = zone_rules(rules, scratch)};
    uint32_t count = a->paragraphs.count, first = count, last = 0, prose_seen = 0;

    (void)err;
    z.lines = arena_zero(a->arena, (count + 1) * sizeof *z.lines);
    find_all_needed(&z);
    for (uint32_t i = 0; i < count; i++) {
        Paragraph *p = &a->paragraphs.items[i];
        z.lines[i] = classify(&z, i, prose_seen < 2 && i < HEAD);
        prose_seen += z.lines[i].kind == LINE_PROSE;
        if (z.lines[i].kind == LINE_PROSE) {
            first = first == count ? i : first;
            last = i;
        }
        p->capitals = is_in_capitals(a, p->tokens);
        for (uint32_t t = p->tokens.start; p->capitals && t < p->tokens.end; t++)
            tape_mark_one(a, rules, t, F_CAPITALS);
    }
    if (a->layout_count) {
        follow_layout(&z);
        add_bodies(a);
    } else {
        if (first < count)
            cut_furniture(&z, first, last);
        find_headline(&z, first);
    }
    for (uint32_t i = 0; i < count; i++) {
        Paragraph *p = &a->paragraphs.items[i];
        if (z.lines[i].kind == LINE_BYLINE && p->zone == ZONE_BODY && a->layout_count == 0)
            set_zone(&z, i, ZONE_BYLINE);
        if (z.lines[i].kind == LINE_CAPTION && p->zone == ZONE_BODY && a->layout_count == 0)
            set_zone(&z, i, ZONE_CAPTION);
        if (p->zone != ZONE_BODY)
            add_zone(a, token_span(a, p->tokens), p->zone, z.lines[i].rule ? z.lines[i].rule : "zone.place");
    }
    if (a->zones.count)
        qsort(a->zones.items, a->zones.count, sizeof *a->zones.items, compare_zones);
    return true;
}
