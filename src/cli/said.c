#include "cli/said.h"

#include "text/utf8.h"

/* ---- reading the graph */

/* What is goes before what is over, and what is not so or might be goes nowhere; else the first that the text gives. */
static void
take_edge(const GraphEdge **best, const GraphEdge *e)
{
    if (e->told.negated || e->told.hypothetical)
        return;
    if (best[e->source] == NULL || (best[e->source]->told.former && !e->told.former))
        best[e->source] = e;
}

void
sayings_open(Sayings *s, const Article *a, Arena *arena, const GraphOptions *options)
{
    uint32_t count;

    *s = (Sayings){.a = a, .arena = arena};
    graph_build(&s->graph, a, arena, options);
    count = s->graph.nodes.count + 1;
    s->speaker = arena_alloc(arena, count * sizeof *s->speaker);
    for (uint32_t i = 0; i < count; i++)
        s->speaker[i] = NONE;
    s->holds = arena_zero(arena, count * sizeof *s->holds);
    s->at = arena_zero(arena, count * sizeof *s->at);
    s->affiliated = arena_zero(arena, count * sizeof *s->affiliated);
    for (uint32_t i = 0; i < s->graph.edges.count; i++) {
        const GraphEdge *e = &s->graph.edges.items[i];
        if (e->kind == EDGE_SAID && s->speaker[e->target] == NONE)
            s->speaker[e->target] = e->source;
        else if (e->kind == EDGE_HOLDS && !s->graph.nodes.items[e->target].honorific)
            take_edge(s->holds, e);
        else if (e->kind == EDGE_AT)
            take_edge(s->at, e);
        else if (e->kind == EDGE_AFFILIATED)
            take_edge(s->affiliated, e);
    }
}

static const char *
node_name(const Sayings *s, uint32_t node)
{
    return graph_node_name(&s->graph.nodes.items[node], s->a, s->arena);
}

static void
add_office(const Sayings *s, Said *said)
{
    const GraphEdge *holds = s->holds[said->speaker], *at = NULL;

    if (holds) {
        said->title = node_name(s, holds->target);
        said->former = holds->told.former;
        at = s->at[holds->target];
    }
    if (at == NULL)
        at = s->affiliated[said->speaker];
    if (at)
        said->body = node_name(s, at->target);
}

static void
add_speaker(const Sayings *s, Said *said)
{
    const GraphNode *node = &s->graph.nodes.items[said->speaker];

    said->name = node_name(s, said->speaker);
    if (node->lone) {
        said->named = s->a->mentions.items[node->item].kind == KIND_NAME;
        said->type = s->a->mentions.items[node->item].type;
    } else {
        said->named = s->a->entities.items[node->item].named;
        said->type = s->a->entities.items[node->item].type;
    }
    add_office(s, said);
}

bool
sayings_get(const Sayings *s, uint32_t index, Said *out)
{
    const GraphNode *node = &s->graph.nodes.items[index];
    const Quote *q;

    if (node->kind != NODE_QUOTE || node->hidden)
        return false;
    q = &s->a->quotes.items[node->item];
    *out = (Said){.quote = q, .node = node, .speaker = s->speaker[index]};
    if (q->cue.end > q->cue.start)
        out->cue = arena_copy(s->arena, s->a->text + q->cue.start, q->cue.end - q->cue.start);
    if (out->speaker != NONE) {
        add_speaker(s, out);
    } else if (q->speaker < s->a->mentions.count) {
        Span bytes = s->a->mentions.items[q->speaker].bytes;
        out->name = arena_copy(s->arena, s->a->text + bytes.start, bytes.end - bytes.start);
    }
    return true;
}

/* ---- choosing */

static bool
holds_text(const char *text, size_t len, const char *part)
{
    char folded[512], wanted[256];
    size_t n = utf8_fold(text, len, folded, sizeof folded - 1), m = utf8_fold(part, strlen(part), wanted, sizeof wanted - 1);

    return m == 0 || memmem(folded, n, wanted, m) != NULL;
}

bool
said_by(const Sayings *s, const Said *said, const char *part)
{
    const GraphNode *node;

    if (said->name && holds_text(said->name, strlen(said->name), part))
        return true;
    if (said->speaker == NONE)
        return false;
    node = &s->graph.nodes.items[said->speaker];
    for (uint32_t i = 0; i < node->count; i++) {
        const Mention *m = &s->a->mentions.items[s->graph.mentions[node->first + i]];
        if (m->kind == KIND_NAME && holds_text(s->a->text + m->bytes.start, m->bytes.end - m->bytes.start, part))
            return true;
    }
    return false;
}

/* ---- words */

/* Is there a word between two pieces: the cue, and what else the reader should know was left out? */
static bool
leaves_out(const Article *a, Span before, Span after)
{
    uint32_t size;

    for (uint32_t at = before.end; at < after.start; at += size) {
        CharClass class = char_class(utf8_next(a->text + at, &size));
        if (class == CHAR_LOWER || class == CHAR_UPPER || class == CHAR_LETTER || class == CHAR_DIGIT)
            return true;
    }
    return false;
}

/* The quotation mark that begins at a byte, or that ends there; an empty span where there is none. */
static Span
mark_at(const Article *a, uint32_t at, bool ends)
{
    uint32_t start = at, size, cp;

    if (ends)
        for (start = at ? at - 1 : 0; start && ((unsigned char)a->text[start] & 0xc0) == 0x80;)
            start--;
    if (start >= a->len || (ends && at == 0))
        return (Span){at, at};
    cp = utf8_next(a->text + start, &size);
    if (cp != '"' && cp != '\'' && cp != 0xab && cp != 0xbb && !(cp >= 0x2018 && cp <= 0x201f))
        return (Span){at, at};
    return (Span){start, start + size};
}

static void
add_mark(Buf *out, const Article *a, Span mark, const char *shape)
{
    if (mark.end == mark.start + 1 && a->text[mark.start] == '"' && shape)
        buf_str(out, shape);
    else
        buf_add(out, a->text + mark.start, mark.end - mark.start);
}

/* A piece of a mixed quote.  A part in marks that begins or ends the piece has its mark outside of it: it is put back, so
 * that none stands alone.  *next is the first part that may lie in the piece. */
static void
add_piece(Buf *out, const Article *a, const Quote *q, Span piece, const SaidMarks *marks, uint32_t *next)
{
    uint32_t from = piece.start;

    for (; *next < q->quoted.count && q->quoted.items[*next].start < piece.end; ++*next) {
        Span part = q->quoted.items[*next], open = mark_at(a, part.start, true), close = mark_at(a, part.end, false);
        if (part.start < from)
            continue;
        if (open.start > from)
            buf_add(out, a->text + from, open.start - from);
        add_mark(out, a, open, marks->inner ? marks->open : NULL);
        part.end = part.end < piece.end ? part.end : piece.end; /* a comma before the mark is cut off */
        buf_add(out, a->text + part.start, part.end - part.start);
        add_mark(out, a, close, marks->inner ? marks->close : NULL);
        from = close.end;
    }
    if (piece.end > from)
        buf_add(out, a->text + from, piece.end - from);
}

void
said_words(Buf *out, const Article *a, const Quote *q, const SaidMarks *marks)
{
    bool marked = q->form == FORM_DIRECT;
    uint32_t next = 0;

    buf_str(out, marked ? marks->open : "");
    for (uint32_t i = 0; i < q->spans.count; i++) {
        Span piece = q->spans.items[i];
        bool last = i + 1 == q->spans.count, gap = !last && leaves_out(a, piece, q->spans.items[i + 1]);
        if ((last || gap) && piece.end > piece.start && a->text[piece.end - 1] == ',')
            piece.end--; /* it only led over to the cue */
        add_piece(out, a, q, piece, marks, &next);
        if (gap)
            buf_printf(out, "%s%s%s", marked ? marks->close : "", marks->gap, marked ? marks->open : "");
        else if (!last)
            buf_char(out, ' ');
    }
    buf_str(out, marked ? marks->close : "");
}
