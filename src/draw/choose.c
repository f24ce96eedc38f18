/* Which nodes and links are shown.  A picture of everything that a long article has is no picture: so there is a most of each
 * kind, those that are linked go first, and what is left out is counted, to be said below the picture. */
#include "draw/picture.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A layout of so many takes two seconds at the worst. */
static const uint32_t MOST[DRAW_KINDS] = {[DRAW_PERSON] = 50, [DRAW_ORGANIZATION] = 40, [DRAW_PLACE] = 25, [DRAW_TITLE] = 50,
                                          [DRAW_QUOTE] = 60};
enum { MENTIONS_MOST = 80, LINKS_MOST = 400 };

DrawKind
draw_kind(const char *name)
{
    static const char *const NAMES[DRAW_KINDS] = {"people", "organizations", "places", "titles", "quotes"};
    int kind = 0;

    while (kind < DRAW_KINDS && strcmp(name, NAMES[kind]) != 0)
        kind++;
    return (DrawKind)kind;
}

/* ---- links */

static int
compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static uint64_t
pair(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

static bool
has_pair(const uint64_t *pairs, uint32_t count, uint32_t a, uint32_t b)
{
    uint64_t key = pair(a, b);

    return count && bsearch(&key, pairs, count, sizeof *pairs, compare_numbers) != NULL;
}

/* A mention of whoever speaks says nothing that the line from speaker to quote does not. */
static void
hide_mentions_of_self(Picture *p)
{
    uint64_t *said = mem_alloc((p->links.count + 1) * sizeof *said);
    uint32_t count = 0;

    for (uint32_t i = 0; i < p->links.count; i++)
        if (p->links.items[i].kind == EDGE_SAID)
            said[count++] = pair(p->links.items[i].target, p->links.items[i].source);
    if (count)
        qsort(said, count, sizeof *said, compare_numbers);
    for (uint32_t i = 0; i < p->links.count; i++)
        if (p->links.items[i].kind == EDGE_MENTIONS && has_pair(said, count, p->links.items[i].source, p->links.items[i].target))
            p->links.items[i].shown = false;
    free(said);
}

/* Nor does "affiliated", where a title says the same: person, title, organization.  The first body of a title is looked at. */
static void
hide_what_titles_say(Picture *p)
{
    uint32_t *body = mem_alloc((p->nodes.count + 1) * sizeof *body), count = 0;
    uint64_t *held = mem_alloc((p->links.count + 1) * sizeof *held);

    for (uint32_t i = 0; i < p->nodes.count; i++)
        body[i] = NONE;
    for (uint32_t i = p->links.count; i-- > 0;)
        if (p->links.items[i].shown && p->links.items[i].kind == EDGE_AT)
            body[p->links.items[i].source] = p->links.items[i].target;
    for (uint32_t i = 0; i < p->links.count; i++) {
        const Link *l = &p->links.items[i];
        if (l->shown && l->kind == EDGE_HOLDS && body[l->target] != NONE)
            held[count++] = pair(l->source, body[l->target]);
    }
    if (count)
        qsort(held, count, sizeof *held, compare_numbers);
    for (uint32_t i = 0; i < p->links.count; i++)
        if (p->links.items[i].kind == EDGE_AFFILIATED && has_pair(held, count, p->links.items[i].source, p->links.items[i].target))
            p->links.items[i].shown = false;
    free(body);
    free(held);
}

/* The same link once. */
static void
hide_repeated(Picture *p)
{
    uint32_t room = 16, mask;
    uint32_t *slots;

    while (room < 2 * p->links.count)
        room *= 2;
    mask = room - 1;
    slots = mem_zero(room, sizeof *slots);
    for (uint32_t i = 0; i < p->links.count; i++) {
        Link *l = &p->links.items[i];
        uint32_t at = (uint32_t)hash_pair(pair(l->source, l->target), l->kind) & mask;
        for (; slots[at]; at = (at + 1) & mask) {
            const Link *other = &p->links.items[slots[at] - 1];
            if (other->source == l->source && other->target == l->target && other->kind == l->kind)
                break;
        }
        if (slots[at])
            l->shown = false;
        else
            slots[at] = i + 1;
    }
    free(slots);
}

/* Links between what is shown, and how many each node has. */
static void
count_links(Picture *p)
{
    for (uint32_t i = 0; i < p->nodes.count; i++)
        p->nodes.items[i].links = 0;
    for (uint32_t i = 0; i < p->links.count; i++) {
        Link *l = &p->links.items[i];
        l->shown = l->shown && l->source != l->target && p->nodes.items[l->source].shown && p->nodes.items[l->target].shown;
        if (l->shown) {
            p->nodes.items[l->source].links++;
            p->nodes.items[l->target].links++;
        }
    }
}

static void
limit_links(Picture *p)
{
    uint32_t mentions = 0, all = 0;

    for (uint32_t i = 0; i < p->links.count; i++) {
        Link *l = &p->links.items[i];
        if (l->shown && (all == LINKS_MOST || (l->kind == EDGE_MENTIONS && mentions == MENTIONS_MOST)))
            l->shown = false;
        mentions += l->shown && l->kind == EDGE_MENTIONS;
        all += l->shown;
    }
}

/* ---- nodes */

/* No more of each kind than the most: linked ones first, then lone ones, each in the order of the text. */
static void
limit_nodes(Picture *p)
{
    uint32_t shown[DRAW_KINDS] = {0};

    for (int lone = 0; lone < 2; lone++)
        for (uint32_t i = 0; i < p->nodes.count; i++) {
            Node *n = &p->nodes.items[i];
            if (!n->shown || (n->links == 0) != lone)
                continue;
            if (shown[n->kind] == MOST[n->kind]) {
                n->shown = false;
                p->left_out[n->kind]++;
            } else
                shown[n->kind]++;
        }
}

/* What is worth showing though nothing links it: whoever and whatever is named, and quotes of nobody. */
static bool
stands_alone(const Node *n)
{
    return n->kind == DRAW_QUOTE || (n->named && (n->kind == DRAW_PERSON || n->kind == DRAW_ORGANIZATION));
}

static void
hide_lone(Picture *p, const DrawOptions *options)
{
    for (uint32_t i = 0; i < p->nodes.count; i++) {
        Node *n = &p->nodes.items[i];
        n->lone = n->links == 0;
        if (n->shown && n->lone && !options->lone && !stands_alone(n)) {
            n->shown = false;
            p->lone_left_out[n->kind]++;
        }
    }
}

void
picture_choose(Picture *p, const DrawOptions *options)
{
    for (uint32_t i = 0; i < p->nodes.count; i++) {
        Node *n = &p->nodes.items[i];
        n->shown = !n->honorific && (options->kinds == 0 || (options->kinds & 1u << n->kind));
    }
    for (uint32_t i = 0; i < p->links.count; i++)
        p->links.items[i].shown = true;
    hide_repeated(p);
    hide_mentions_of_self(p);
    count_links(p);
    hide_what_titles_say(p);
    limit_nodes(p);
    count_links(p);
    limit_links(p);
    count_links(p);
    hide_lone(p, options);
}
