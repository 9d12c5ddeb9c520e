/* Marks of an earlier mail, by a table of phrases: a language more is a row more.
 *
 * A phrase stands between rules ("----- … -----"), or at least after one; those of Apple and
 * a few others stand alone and end in a colon.
 *
 * Not here: what follows from a mark (quote.c), attributions (attribution.c). Never fails. */
#include "core/mail/mark.h"

#include "core/mail/quote_lines.h"

#include <string.h>

#define LENGTH_MAX 200

/* Lower case, between rules. A phrase ending in a blank may be followed by a date or a name. */
static const struct {
    MarkKind kind;
    const char *phrases; /* parted by "|" */
} table[] = {
    /* clang-format off */
    /* An earlier mail. */
    {MARK_ORIGINAL, /* English */
     "original|original message|original appointment|original mail|reply message|replied message"},
    {MARK_ORIGINAL, /* French */
     "message d'origine|message original|message initial|mail original|mail d'origine|"
     "mail initial|e-mail d'origine|courriel original|courriel d'origine|message du |"
     "réponse au message |message reçu |message de "},
    {MARK_ORIGINAL, /* German */
     "ursprüngliche nachricht|ursprüngliche mail|ursprüngliche e-mail|originalnachricht|"
     "original-nachricht|originale nachricht|ursprünglicher termin|urspr. nachricht|"
     "antwort auf nachricht|originalmail"},
    {MARK_ORIGINAL, /* Spanish */
     "mensaje original|mensaje de origen|correo original|cita original"},
    {MARK_ORIGINAL, /* Catalan */
     "missatge original"},
    {MARK_ORIGINAL, /* Galician */
     "mensaxe orixinal"},
    {MARK_ORIGINAL, /* Italian */
     "messaggio originale|messaggio di origine|mail originale|messaggio da "},
    {MARK_ORIGINAL, /* Portuguese */
     "mensagem original|e-mail original|mensagem de "},
    {MARK_ORIGINAL, /* Dutch */
     "oorspronkelijk bericht|oorspronkelijke bericht|oorspronkelijke mail|"
     "origineel bericht|originele bericht"},
    {MARK_ORIGINAL, /* Swedish */
     "ursprungligt meddelande|originalmeddelande|ursprungsmeddelande"},
    {MARK_ORIGINAL, /* Norwegian */
     "opprinnelig melding|original melding"},
    {MARK_ORIGINAL, /* Danish */
     "oprindelig meddelelse|original meddelelse|oprindelig besked|oprindelig mail"},
    {MARK_ORIGINAL, /* Finnish */
     "alkuperäinen viesti|alkuperäinen sähköposti"},
    {MARK_ORIGINAL, /* Polish */
     "wiadomość oryginalna|oryginalna wiadomość|wiadomość pierwotna|pierwotna wiadomość|"
     "treść oryginalnej wiadomości"},
    {MARK_ORIGINAL, /* Czech, Slovak */
     "původní zpráva|původní e-mail|puvodni zprava|pôvodná správa"},
    {MARK_ORIGINAL, /* Slovenian, Croatian, Serbian */
     "izvirno sporočilo|izvorna poruka|originalna poruka|оригинална порука"},
    {MARK_ORIGINAL, /* Russian */
     "исходное сообщение|оригинальное сообщение|первоначальное сообщение|исходное письмо"},
    {MARK_ORIGINAL, /* Ukrainian */
     "оригінальне повідомлення|вихідне повідомлення|первинне повідомлення"},
    {MARK_ORIGINAL, /* Bulgarian */
     "оригинално съобщение|изходно съобщение"},
    {MARK_ORIGINAL, /* Hungarian */
     "eredeti üzenet|eredeti levél"},
    {MARK_ORIGINAL, /* Romanian */
     "mesaj original|mesajul original|mesaj iniţial|mesajul iniţial|mesajul inițial"},
    {MARK_ORIGINAL, /* Turkish */
     "orijinal mesaj|özgün ileti|orjinal mesaj|ilk mesaj|orijinal ileti"},
    {MARK_ORIGINAL, /* Greek */
     "αρχικό μήνυμα|πρωτότυπο μήνυμα"},
    {MARK_ORIGINAL, /* Lithuanian, Latvian, Estonian, Icelandic */
     "originalus laiškas|pirminis laiškas|sākotnējais ziņojums|algne kiri|"
     "upprunaleg skilaboð"},
    {MARK_ORIGINAL, /* Vietnamese */
     "thư gốc|tin nhắn gốc"},
    {MARK_ORIGINAL, /* Indonesian, Malay */
     "pesan asli|mesej asal"},
    {MARK_ORIGINAL, /* Thai */
     "ข้อความต้นฉบับ|ข้อความดั้งเดิม"},
    {MARK_ORIGINAL, /* Japanese */
     "元のメッセージ|オリジナルメッセージ|元のメール"},
    {MARK_ORIGINAL, /* Chinese */
     "原始邮件|原始郵件|邮件原件|原邮件|原始信件|原信"},
    {MARK_ORIGINAL, /* Korean */
     "원본 메시지|원본 메일|원본메일|원래 메시지"},
    {MARK_ORIGINAL, /* Hebrew */
     "הודעה מקורית|ההודעה המקורית"},
    {MARK_ORIGINAL, /* Hebrew */
     "הודעה מקורית"},
    {MARK_ORIGINAL, /* Arabic, Persian, Hindi */
     "الرسالة الأصلية|رسالة أصلية|الرسالة الاصلية|پیام اصلی|मूल संदेश"},

    /* A forward. */
    {MARK_FORWARD, /* English */
     "forwarded message|forwarded mail|forwarded email|forwarded by |forwarded from |"
     "begin forwarded message|start of forwarded message|original forwarded message|"
     "fwd message|forwarded letter"},
    {MARK_FORWARD, /* French */
     "message transféré|message transmis|message réexpédié|mail transféré|mail transmis|"
     "courriel transféré|e-mail transféré|message forwardé|transféré par |transmis par |"
     "message renvoyé|réexpédié par |début du message réexpédié|"
     "début du message transféré|début du message transmis"},
    {MARK_FORWARD, /* German */
     "weitergeleitete nachricht|weitergeleitete mail|weitergeleitete e-mail|"
     "weitergeleitet von |anfang der weitergeleiteten nachricht|"
     "anfang der weitergeleiteten e-mail|beginn der weitergeleiteten nachricht|"
     "beginn der weitergeleiteten e-mail|nachricht weitergeleitet"},
    {MARK_FORWARD, /* Spanish */
     "mensaje reenviado|correo reenviado|reenviado por |inicio del mensaje reenviado|"
     "comienzo del mensaje reenviado"},
    {MARK_FORWARD, /* Catalan, Galician */
     "missatge reenviat|inici del missatge reenviat|mensaxe reenviada"},
    {MARK_FORWARD, /* Italian */
     "messaggio inoltrato|mail inoltrata|inoltrato da |inizio messaggio inoltrato|"
     "inizio del messaggio inoltrato"},
    {MARK_FORWARD, /* Portuguese */
     "mensagem encaminhada|mensagem reencaminhada|e-mail encaminhado|encaminhado por |"
     "início da mensagem encaminhada|início da mensagem reencaminhada"},
    {MARK_FORWARD, /* Dutch */
     "doorgestuurd bericht|doorgestuurde mail|doorgezonden bericht|doorgestuurd door |"
     "begin doorgestuurd bericht|begin van doorgestuurd bericht|doorgestuurde bericht"},
    {MARK_FORWARD, /* Swedish */
     "vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat brev|"
     "vidarebefordrat av |vidarebefordrat mail|börja vidarebefordrat meddelande|"
     "början på vidarebefordrat meddelande|påbörja vidarebefordrat meddelande|"
     "vidarebefordrat e-postmeddelande"},
    {MARK_FORWARD, /* Norwegian, Danish */
     "videresendt melding|videresendt e-post|start på videresendt melding|"
     "begynnelse på videresendt melding|videresendt meddelelse|videresendt besked|"
     "videresendt mail|start på videresendt besked|begyndelse på videresendt besked|"
     "videresendt af |videresendt av |starten på den videresendte beskeden|"
     "starten på den videresendte meddelelse"},
    {MARK_FORWARD, /* Finnish */
     "välitetty viesti|edelleenlähetetty viesti|lähetetty edelleen|välitetty sähköposti|"
     "välitetty viesti alkaa|välitetyn viestin alku|aloita välitetty viesti"},
    {MARK_FORWARD, /* Polish */
     "wiadomość przekazana|przekazana wiadomość|treść przekazanej wiadomości|"
     "przekazano dalej|początek przekazywanej wiadomości|początek przekazanej wiadomości|"
     "wiadomość przesłana dalej|przesłana wiadomość|przekazany e-mail|"
     "wiadomość przekazana dalej"},
    {MARK_FORWARD, /* Czech */
     "přeposlaná zpráva|přeposlaný e-mail|přesměrovaná zpráva|začátek přeposílané zprávy|"
     "začátek přeposlané zprávy|přeposlaný email|přeposláno"},
    {MARK_FORWARD, /* Slovak */
     "preposlaná správa|preposlaný e-mail|začiatok preposlanej správy|"
     "začiatok preposielanej správy|preposlaný email"},
    {MARK_FORWARD, /* Slovenian, Croatian, Serbian */
     "posredovano sporočilo|začetek posredovanega sporočila|proslijeđena poruka|"
     "prosljeđena poruka|započni proslijeđenu poruku|početak proslijeđene poruke|"
     "прослеђена порука|prosleđena poruka"},
    {MARK_FORWARD, /* Russian */
     "пересылаемое сообщение|пересланное сообщение|пересылаемое письмо|пересланное письмо|"
     "перенаправленное сообщение|начало пересылаемого сообщения|"
     "начало переадресованного сообщения|начало пересланного сообщения|"
     "переадресованное сообщение|завершение пересылаемого сообщения"},
    {MARK_FORWARD, /* Ukrainian */
     "переслане повідомлення|пересланий лист|перенаправлене повідомлення|"
     "початок листа, що пересилається|початок пересланого повідомлення|"
     "початок переадресованого повідомлення|повідомлення, що пересилається"},
    {MARK_FORWARD, /* Bulgarian */
     "препратено съобщение|начало на препратеното съобщение"},
    {MARK_FORWARD, /* Hungarian */
     "továbbított üzenet|továbbított levél|a továbbított levél kezdete|"
     "a továbbított üzenet kezdete|továbbított üzenet kezdete|levél továbbítása|"
     "továbbított e-mail"},
    {MARK_FORWARD, /* Romanian */
     "mesaj redirecționat|mesaj redirecţionat|mesaj retrimis|mesaj transmis|"
     "mesaj înaintat|începutul mesajului redirecționat|mesaj redirectionat|"
     "început mesaj redirecționat|începe mesajul redirecționat|"
     "începe mesajul redirecţionat|mesajul redirecţionat|mesajul redirecționat"},
    {MARK_FORWARD, /* Turkish */
     "yönlendirilmiş ileti|iletilen mesaj|iletilmiş mesaj|yönlendirilen ileti|"
     "yönlendirilmiş mesaj|iletilen ileti|başlangıç iletilmiş mesaj|ileti başlangıcı|"
     "i̇leti başlangıcı|iletilmiş ileti başlangıcı|yönlendirilen ileti başlangıcı|"
     "iletilmiş mesajın başlangıcı|iletilmiş iletinin başlangıcı"},
    {MARK_FORWARD, /* Greek */
     "προωθημένο μήνυμα|έναρξη προωθημένου μηνύματος|προωθημένο e-mail|"
     "αρχή προωθημένου μηνύματος"},
    {MARK_FORWARD, /* Lithuanian, Latvian, Estonian, Icelandic */
     "persiųstas laiškas|pārsūtīts ziņojums|edastatud kiri|áframsend skilaboð|"
     "áframsent bréf"},
    {MARK_FORWARD, /* Vietnamese */
     "thư được chuyển tiếp|thư đã chuyển tiếp|chuyển tiếp thư|tin nhắn được chuyển tiếp|"
     "bắt đầu thư được chuyển tiếp"},
    {MARK_FORWARD, /* Indonesian, Malay */
     "pesan terusan|pesan yang diteruskan|pesan diteruskan|mesej dimajukan|"
     "mulai pesan terusan"},
    {MARK_FORWARD, /* Thai */
     "ข้อความที่ส่งต่อ|ส่งต่อข้อความ|เริ่มต้นข้อความที่ส่งต่อ"},
    {MARK_FORWARD, /* Japanese */
     "転送メッセージ|メッセージを転送|転送されたメール|メールを転送|転送されたメッセージ|転送メール|以下転送メッセージ|転送されたメッセージの先頭|転送元メッセージ|"
     "転送済みメッセージ"},
    {MARK_FORWARD, /* Chinese */
     "转发的邮件|转发邮件|转发信息|下面是被转发的邮件|下面是转发的邮件|以下是转发的邮件|轉寄郵件|轉寄的郵件|轉寄信件|開始轉寄郵件|以下是轉寄的郵件|轉寄的信件|"
     "开始转发的邮件"},
    {MARK_FORWARD, /* Korean */
     "전달된 메시지|전달된 메일|전달한 메시지|전달된 메시지 시작|전달 메시지|전달된 편지"},
    {MARK_FORWARD, /* Hebrew */
     "הודעה שהועברה|תחילת ההודעה שהועברה|הודעה מועברת|הודעה שהועברה על ידי "},
    {MARK_FORWARD, /* Arabic, Persian, Hindi */
     "رسالة معاد توجيهها|رسالة مُعاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة|"
     "بداية الرسالة المحولة|بدء الرسالة المعاد توجيهها|رسالة أعيد توجيهها|پیام هدایت‌شده|"
     "अग्रेषित संदेश"},
    /* clang-format on */
};

/* --- matching ---------------------------------------------------------------------------- */

/* Phrases, each with its MarkKind. */
static GHashTable *phrases(void)
{
    static GHashTable *hash;
    if (g_once_init_enter(&hash)) {
        GHashTable *made = g_hash_table_new(g_str_hash, g_str_equal);
        for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
            g_auto(GStrv) split = g_strsplit(table[i].phrases, "|", -1);
            for (char **phrase = split; *phrase; phrase++)
                if (!g_hash_table_contains(made, *phrase))
                    g_hash_table_insert(made, g_strdup(*phrase),
                                        GINT_TO_POINTER(table[i].kind));
        }
        g_once_init_leave(&hash, made);
    }
    return hash;
}

/* Is there a date and nothing else? */
static bool is_bare_date(const char *text)
{
    return strpbrk(text, "0123456789") && strspn(text, "0123456789/:.-h ()") == strlen(text);
}

/* "message du 20/11/2026": what follows an open phrase is a date, or a name between rules. */
static MarkKind open_phrase(const char *text, bool ruled)
{
    const char *blank = text;
    for (int words = 0; words < 5 && (blank = strchr(blank, ' ')); words++) {
        g_autofree char *start = g_strndup(text, (gsize)(++blank - text));
        MarkKind kind = (MarkKind)GPOINTER_TO_INT(g_hash_table_lookup(phrases(), start));
        if (kind && (ruled || is_bare_date(blank)))
            return kind;
    }
    return MARK_NONE;
}

/* Bytes of the rule's character at `p`; 0: none. Blanks count only for some. */
static gsize rule_size(const char *p, bool blanks)
{
    if (*p && strchr("-_*=~#+", *p))
        return 1;
    if (*p == ' ')
        return blanks;
    return g_str_has_prefix(p, "—") || g_str_has_prefix(p, "─") ? 3 : 0;
}

static bool may_be_mark(const char *line, gsize length, bool *ret_rule)
{
    const char *end = line + length;
    *ret_rule = (strchr("-_*=~#+", *line) && *line && line[1] && strchr("-_*=~#+ ", line[1])) ||
                memcmp(line, "—", 3) == 0 || memcmp(line, "─", 3) == 0;
    return *ret_rule || *line == 'M' || *line == 'm' || end[-1] == ':' ||
           memcmp(end - 3, "：", 3) == 0;
}

/* Where the phrase ends: at the next rule of three, at a colon that ends the line, or at the
 * end. */
static gsize phrase_length(const char *text, bool *ret_ruled, bool *ret_colon)
{
    gsize end = 0;
    while (text[end] &&
           !(rule_size(text + end, false) && rule_size(text + end + 1, false) == 1 &&
             rule_size(text + end + 2, false) == 1) &&
           !(g_str_has_prefix(text + end, "—")) && !(g_str_has_prefix(text + end, "─")))
        end++;
    *ret_ruled = text[end] != '\0';
    while (end > 0 && rule_size(text + end - 1, true) == 1)
        end--;
    *ret_colon = !*ret_ruled && end > 0 && text[end - 1] == ':';
    end -= *ret_colon;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    return end;
}

MarkKind mark_of_line(const char *line, gsize length)
{
    bool rule, ruled, colon;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    if (length < 6 || !may_be_mark(line, length, &rule) || (!rule && length > LENGTH_MAX))
        return MARK_NONE;
    g_autofree char *folded = quote_fold(line, MIN(length, LENGTH_MAX));
    char *start = folded;
    for (gsize n; (n = rule_size(start, true)) > 0;)
        start += n;
    bool short_rule = start - folded < 2;
    start[phrase_length(start, &ruled, &colon)] = '\0';
    MarkKind kind = (MarkKind)GPOINTER_TO_INT(g_hash_table_lookup(phrases(), start));
    if (kind && ((rule && !short_rule) || (colon && kind == MARK_FORWARD)))
        return kind;
    return kind ? MARK_NONE : open_phrase(start, rule && ruled);
}
