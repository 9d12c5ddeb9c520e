/* Reading commands: what is one, where the block ends, and what is left for people. */
#include "core/desk/command.h"

#include <string.h>

static CommandBlock *take(const char *text)
{
    return command_read(text, COMMAND_MARKED);
}

static const Command *nth(const CommandBlock *block, guint n)
{
    g_assert_cmpuint(n, <, block->commands->len);
    return block->commands->pdata[n];
}

static void assert_verb(const CommandBlock *block, guint n, VerbId id, const char *rest)
{
    const Command *command = nth(block, n);
    g_assert_nonnull(command->verb);
    g_assert_cmpint(command->verb->id, ==, id);
    g_assert_cmpstr(command->rest, ==, rest);
}

static void test_block_then_text(void)
{
    g_autoptr(CommandBlock) block =
        take("\n!prendre\n!priorité haute\n\nBonjour,\n\nC’est fait.");
    g_assert_cmpuint(block->commands->len, ==, 2);
    assert_verb(block, 0, VERB_TAKE, "");
    assert_verb(block, 1, VERB_PRIORITY, "haute");
    g_assert_cmpstr(block->text, ==, "Bonjour,\n\nC’est fait.");
    g_assert_null(block->stray);
}

static void test_both_languages_without_case_or_accents(void)
{
    static const struct {
        const char *line;
        VerbId id;
    } lines[] = {{"!close", VERB_CLOSE},
                 {"!FERMER", VERB_CLOSE},
                 {"!Résoudre", VERB_RESOLVE},
                 {"!resoudre", VERB_RESOLVE},
                 {"#fermer", VERB_CLOSE},
                 {"!priorite haute", VERB_PRIORITY},
                 {"!in-progress", VERB_PROGRESS},
                 {"!étiquette +vip", VERB_TAG},
                 {"!statut en cours", VERB_STATUS},
                 {"！fermer", VERB_CLOSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(CommandBlock) block = take(lines[i].line);
        g_assert_cmpuint(block->commands->len, ==, 1);
        g_assert_cmpint(nth(block, 0)->verb->id, ==, lines[i].id);
    }
}

static void test_text_is_text(void)
{
    static const char *const texts[] = {"Bonjour !fermer",
                                        "#1 problem: the printer",
                                        "!!! urgent",
                                        "! important",
                                        " !close",
                                        "#hashtag of mine",
                                        "",
                                        "\n\n  two spaces kept  \n x"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(CommandBlock) block = take(texts[i]);
        g_assert_cmpuint(block->commands->len, ==, 0);
        g_assert_cmpstr(block->text, ==, texts[i]);
    }
}

static void test_unknown_is_a_command(void)
{
    g_autoptr(CommandBlock) block = take("!ntoe\nle client est pénible");
    g_assert_cmpuint(block->commands->len, ==, 1);
    g_assert_null(nth(block, 0)->verb);
    g_assert_cmpstr(nth(block, 0)->word, ==, "ntoe");
    g_assert_cmpint(verb_nearest("ntoe")->id, ==, VERB_NOTE);
    g_assert_cmpint(verb_nearest("fermmer")->id, ==, VERB_CLOSE);
    g_assert_cmpint(verb_nearest("asign")->id, ==, VERB_ASSIGN);
    g_assert_null(verb_nearest("zzzzzzzz"));
    g_assert_null(verb_nearest("x"));
}

static void test_stray_command_is_noticed(void)
{
    g_autoptr(CommandBlock) below = take("Bonjour,\n!note\nentre nous");
    g_assert_cmpuint(below->commands->len, ==, 0);
    g_assert_cmpstr(below->stray, ==, "!note");
    g_autoptr(CommandBlock) gap = take("!take\n\n!close\nmerci");
    g_assert_cmpuint(gap->commands->len, ==, 1);
    g_assert_cmpstr(gap->stray, ==, "!close");
    g_autoptr(CommandBlock) unknown = take("Bonjour,\n!chose\n#1");
    g_assert_null(unknown->stray);
}

static void test_escape(void)
{
    g_autoptr(CommandBlock) block = take("\\!close ferme un ticket\n\\#tag aussi\n\\x");
    g_assert_cmpuint(block->commands->len, ==, 0);
    g_assert_cmpstr(block->text, ==, "!close ferme un ticket\n#tag aussi\n\\x");
    g_assert_null(block->stray);
}

static void test_words(void)
{
    g_autoptr(CommandBlock) block = take("!assign\u00A0“Jean Dupont” « Marie L. »  paul");
    const Command *command = nth(block, 0);
    g_assert_cmpuint(command->words->len, ==, 3);
    g_assert_cmpstr(command->words->pdata[0], ==, "Jean Dupont");
    g_assert_cmpstr(command->words->pdata[1], ==, "Marie L.");
    g_assert_cmpstr(command->words->pdata[2], ==, "paul");
}

static void test_bare(void)
{
    g_autoptr(CommandBlock) block = command_read(
        "close SUP-12 SUP-13\nlist late\n!find imprimante\n\n-- \nMarie", COMMAND_BARE);
    g_assert_cmpuint(block->commands->len, ==, 3);
    assert_verb(block, 0, VERB_CLOSE, "SUP-12 SUP-13");
    assert_verb(block, 1, VERB_LIST, "late");
    assert_verb(block, 2, VERB_FIND, "imprimante");
    g_autoptr(CommandBlock) unknown = command_read("colse SUP-12", COMMAND_BARE);
    g_assert_cmpuint(unknown->commands->len, ==, 1);
    g_assert_null(nth(unknown, 0)->verb);
}

/* Every spelling means one verb, and every verb is told of in both languages. */
static void test_table(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < verb_count; i++) {
        const Verb *verb = &verb_table[i];
        g_assert_cmpint(verb->id, ==, i);
        for (int l = 0; l < 2; l++) {
            g_assert_cmpstr(verb->help[l], !=, "");
            g_assert_true(verb_find(verb->name[l]) == verb);
            g_assert_true((*verb->undo[0] == '\0') == (*verb->undo[1] == '\0'));
        }
        for (guint s = 0; s < VERB_SPELLINGS && verb->also[s]; s++) {
            g_assert_true(verb_find(verb->also[s]) == verb);
            g_assert_true(g_hash_table_add(seen, (char *)verb->also[s]));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verbs/block-then-text", test_block_then_text);
    g_test_add_func("/verbs/both-languages-without-case-or-accents",
                    test_both_languages_without_case_or_accents);
    g_test_add_func("/verbs/text-is-text", test_text_is_text);
    g_test_add_func("/verbs/unknown-is-a-command", test_unknown_is_a_command);
    g_test_add_func("/verbs/stray-command-is-noticed", test_stray_command_is_noticed);
    g_test_add_func("/verbs/escape", test_escape);
    g_test_add_func("/verbs/words", test_words);
    g_test_add_func("/verbs/bare", test_bare);
    g_test_add_func("/verbs/table", test_table);
    return g_test_run();
}
