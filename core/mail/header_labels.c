/* The labels, in rows by language. Programs mix languages, so all are looked up together; where
 * two languages use one word, the field whose column is further left has it. */
#include "core/mail/header_labels.h"

#include <glib.h>

/* Lower case; "|" between labels of one field. */
static const struct {
    const char *language, *labels[5]; /* of sender, date, addressees, subject, others */
} table[] = {
    {"English",
     {"from|sent by", "sent|date|sent on|sent at|date sent|received", "to|recipient|recipients",
      "subject|re", "cc|bcc|reply-to|reply to|importance|priority|sensitivity|attachments"}},
    {"fields of old programs",
     {"", "", "", "",
      "sender|categories|organization|organisation|newsgroups|mailed-by|x-original-to|list-id|"
      "urgency"}},
    {"French",
     {"de|de la part de|message de|envoyé par|expéditeur",
      "envoyé|envoye|envoyé le|envoyée le|date d'envoi|reçu|reçu le",
      "à|a|pour|destinataire|destinataires", "objet|sujet|titre",
      "cci|copie|copie à|copie cachée|répondre à|priorité|pièce jointe|pièces jointes"}},
    {"German",
     {"von|absender|gesendet von", "gesendet|datum|gesendet am", "an|an die|empfänger",
      "betreff|betrifft|subjekt",
      "kopie|antwort an|antwort|priorität|wichtigkeit|anlagen|anhänge|beilagen"}},
    {"Spanish",
     {"remitente", "enviado|enviado el|enviado a las|fecha|enviada", "para|destinatario",
      "asunto", "con copia|copia|responder a|importancia|prioridad|adjuntos|datos adjuntos"}},
    {"Portuguese",
     {"remetente", "enviado em|enviada em|data", "destinatário", "assunto",
      "cópia|cópia oculta|responder para|importância|anexos"}},
    {"Italian",
     {"da|mittente", "inviato|inviato il|data invio", "per|destinatari", "oggetto|rif",
      "copia per conoscenza|rispondi a|risposta|importanza|priorità|allegati"}},
    {"Catalan", {"", "enviat", "", "assumpte", ""}},
    {"Romanian",
     {"de la|expeditor", "trimis|data trimiterii", "către|catre", "subiect", "copie la"}},
    {"Dutch",
     {"van|afzender", "verzonden|verzonden op", "aan|ontvanger", "onderwerp",
      "antwoord aan|beantwoorden|bijlage|bijlagen"}},
    {"Swedish",
     {"från|avsändare", "skickat", "till|mottagare", "ämne", "kopia|svar till|svara till"}},
    {"Norwegian, Danish",
     {"fra|avsender|afsender", "dato|sendt|sendt den", "til|mottaker|modtager", "emne",
      "kopi|svar til|besvar til"}},
    {"Finnish",
     {"lähettäjä", "lähetetty|päivämäärä|pvm|päiväys", "vastaanottaja", "aihe|otsikko",
      "kopio|cc:n|vastausosoite"}},
    {"Icelandic", {"frá", "", "", "efni", ""}},
    {"Estonian", {"kellelt|saatja", "saadetud|kuupäev", "kellele", "teema", ""}},
    {"Latvian, Lithuanian", {"nuo", "nosūtīts|išsiųsta", "kam", "tema", ""}},
    {"Polish",
     {"od|nadawca", "wysłano|wysłane|data wysłania", "do|do kogo|adresat", "temat|tytuł",
      "do wiadomości|dw|udw|odpowiedź do|odpowiedz do|załączniki"}},
    {"Czech, Slovak",
     {"odesílatel|odosielateľ", "odesláno|odoslané|odoslaná|dátum", "komu|pro",
      "předmět|predmet|predmět", "odpověď komu|kópia|přílohy|prilohy"}},
    {"Slovenian, Croatian", {"pošiljatelj|šalje", "poslano", "za|prima", "zadeva|naslov", ""}},
    {"Hungarian",
     {"feladó", "küldve|elküldve|küldés dátuma|küldés ideje", "címzett", "tárgy",
      "másolat|válaszcím"}},
    {"Russian",
     {"от|от кого|отправитель", "отправлено|дата|дата отправки", "кому|получатель", "тема",
      "копия|ответить|вложения"}},
    {"Ukrainian, Bulgarian",
     {"від|відправник", "надіслано|відправлено|изпратено", "до", "относно",
      "відповісти|копія"}},
    {"Greek",
     {"από|αποστολέας", "ημερομηνία|στάλθηκε|εστάλη|αποστολή", "προς|αποδέκτης", "θέμα",
      "κοιν|κοινοποίηση|απάντηση προς"}},
    {"Turkish",
     {"kimden|gönderen", "tarih|gönderildi|gönderme tarihi|gönderim tarihi|gönderilme tarihi",
      "kime|alıcı", "konu", "bilgi|yanıtla|yanıt"}},
    {"Japanese", {"差出人|送信元", "送信日時|日時|日付", "宛先|送信先", "件名", "返信先"}},
    {"Chinese",
     {"送信者|发件人|寄件者|寄件人|發件人",
      "送信日|发送时间|发送日期|发送|日期|时间|時間|传送时间|傳送時間|寄件日期|寄件時間|"
      "傳送日期|寄送時間",
      "收件人|收件者", "主题|主旨|主題|标题", "抄送|副本|回复"}},
    {"Korean",
     {"보낸 사람|보낸사람|발신|발신자", "보낸 날짜|보낸날짜|날짜|일시|보낸 시간|발송일",
      "받는 사람|받는사람|수신|수신자", "제목", "참조"}},
    {"Hebrew", {"מאת", "נשלח|תאריך", "אל", "נושא", "עותק"}},
    {"Arabic",
     {"من|المرسل", "تاريخ|التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|مرسل", "إلى|الى|المستلم",
      "الموضوع|موضوع", "نسخة|نسخة إلى"}},
    {"Persian", {"فرستنده|از", "", "به", "", ""}},
    {"Hindi", {"प्रेषक", "तारीख", "", "विषय", ""}},
    {"Vietnamese",
     {"người gửi|từ", "ngày|đã gửi|thời gian", "người nhận|đến|tới", "chủ đề|tiêu đề", ""}},
    {"Indonesian, Malay",
     {"dari", "tanggal|terkirim|dikirim", "kepada|ke", "subjek|perihal|subyek", "tembusan"}},
    {"Thai", {"จาก", "วันที่|ส่ง", "ถึง", "หัวเรื่อง|เรื่อง", ""}},
};

static void add_labels(GHashTable *hash, const char *labels, HeaderField field)
{
    g_auto(GStrv) split = g_strsplit(labels, "|", -1);
    for (char **label = split; *label; label++)
        if (**label && !g_hash_table_contains(hash, *label))
            g_hash_table_insert(hash, g_strdup(*label), GINT_TO_POINTER(field));
}

static GHashTable *make_table(void)
{
    static const HeaderField columns[] = {FIELD_FROM, FIELD_DATE, FIELD_TO, FIELD_SUBJECT,
                                          FIELD_OTHER};
    GHashTable *hash = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize column = 0; column < G_N_ELEMENTS(columns); column++)
        for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
            add_labels(hash, table[i].labels[column], columns[column]);
    return hash;
}

int header_label_field(const char *label)
{
    static GHashTable *made;
    if (g_once_init_enter(&made)) {
        GHashTable *hash = make_table();
        g_once_init_leave(&made, hash);
    }
    return GPOINTER_TO_INT(g_hash_table_lookup(made, label));
}
