/* A rule: what it is about, its pattern, and the sentences that show what it does. */
#include "web/view.h"

/* What stands behind a bracket before its words: "cue: ", the name of a group or of what was found before. */
static size_t
label_at(const char *text)
{
    size_t n = strcspn(text, ": []{}\\");

    return text[n] == ':' && text[n + 1] == ' ' ? n + 2 : 0;
}

/* [Brackets] stand around what the rule must find, {braces} around what was found before it; a backslash takes their meaning
 * from the next character, and makes a line end of n. */
static void
put_example(View *v, const RuleExample *e)
{
    html_put(v->out, "<li class=\"%\"><b>%</b> ", e->must ? "yes" : "no", e->must ? "yes" : "no", NULL);
    for (const char *at = e->text; *at;) {
        size_t plain = strcspn(at, "[]{}\\");
        html_text_len(v->out, at, plain);
        at += plain;
        if (*at == '\\' && at[1]) {
            html_text_len(v->out, at[1] == 'n' ? " \u00b6 " : at + 1, at[1] == 'n' ? 4 : 1);
            at += 2;
        } else if (*at) {
            buf_str(v->out, *at == '[' ? "<mark>" : *at == ']' ? "</mark>" : "");
            at += 1 + (*at == '[' || *at == '{' ? label_at(at + 1) : 0);
        }
    }
    buf_str(v->out, "</li>\n");
}

void
view_rule(View *v)
{
    const Rule *rule = ruleset_rule(v->site->rules, v->request.name);

    if (rule == NULL || v->request.form != FORM_PAGE) {
        page_fault(v, 404, "There is no such rule", "The article may have been read with other rules than those that are loaded now.");
        return;
    }
    page_open(v, rule->name, "rule");
    html_put(v->out, "<p class=\"kind\">Rule</p>\n<h1>%</h1>\n<p class=\"lead\">%</p>\n", rule->name, rule->about, NULL);
    html_put(v->out, "<h2>Examples</h2>\n<ul class=\"examples\">\n", NULL);
    for (uint32_t i = 0; i < rule->example_count; i++)
        put_example(v, &rule->examples[i]);
    buf_str(v->out, "</ul>\n");
    html_put(v->out, "<h2>Pattern</h2>\n<pre class=\"pattern\" tabindex=\"0\">%</pre>\n<p class=\"where\">Phase %, file %, line ", rule->match,
             rule->phase, rule->path, NULL);
    buf_printf(v->out, "%zu</p>\n", rule->line);
    page_close(v);
}
