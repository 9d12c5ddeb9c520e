/* The pages of 404 and 503, in both languages at once: there is no ticket whose language to
 * take. They hold nothing of the request, so that a wrong link learns nothing. */
#include "webview/page_status.h"

#include "webview/html.h"
#include "webview/style.h"

typedef struct {
    const char *lang, *title, *text;
} Part;

static const struct {
    unsigned int status;
    Part parts[2];
} pages[] = {
    {404,
     {{"fr", "Il n’y a rien ici",
       "Ce lien n’ouvre aucun ticket. Vérifiez qu’il a été copié en entier, ou répondez au "
       "dernier mail reçu à ce sujet."},
      {"en", "There is nothing here",
       "This link opens no ticket. Check that it was copied in full, or reply to the latest "
       "mail you had about it."}}},
    {503,
     {{"fr", "Un instant",
       "La page ne peut pas être lue en ce moment. Rien n’est perdu\u00A0: réessayez dans une "
       "minute. Les mails arrivent comme d’habitude."},
      {"en", "One moment",
       "The page cannot be read right now. Nothing is lost: try again in a minute. Mail gets "
       "through as usual."}}},
};

static void append_part(GString *out, const Part *part)
{
    html_raw(out, "<section lang=\"");
    html_attr(out, part->lang);
    html_raw(out, "\">\n<h1>");
    html_text(out, part->title);
    html_raw(out, "</h1>\n<p>");
    html_text(out, part->text);
    html_raw(out, "</p>\n</section>\n");
}

bool page_status(GString *out, const char *prefix, unsigned int status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (pages[i].status != status)
            continue;
        html_raw(out, "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, "
                      "initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
        html_text(out, pages[i].parts[0].title);
        html_raw(out, " · ");
        html_text(out, pages[i].parts[1].title);
        html_raw(out, "</title>\n<link rel=\"stylesheet\" href=\"");
        html_attr(out, prefix);
        html_attr(out, style_path);
        html_raw(out, "\">\n</head>\n<body>\n<main class=\"alone\">\n");
        append_part(out, &pages[i].parts[0]);
        append_part(out, &pages[i].parts[1]);
        html_raw(out, "</main>\n</body>\n</html>\n");
        return true;
    }
    return false;
}
