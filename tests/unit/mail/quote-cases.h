/* Texts of mails for test-quote.c. */
#pragma once

typedef struct {
    const char *what;
    const char
        *lines; /* each begins with its part: R the reply, S the signature, Q what is quoted */
} QuoteCase;

/* As programs write them in many languages; each cuts, with and without quote marks below. */
static const char *const attributions[] = {
    "At 2026-11-20 09:12:00, \"Ann\" <ann@x.org> wrote:",
    "X <ann@x.org> 於 2026年11月20日 上午9:12 寫道：",
    "2026/11/20 9:12、Ann <ann@x.org>のメール:",
    "Dana pet, 20. stu 2026. u 09:12 Ann <ann@x.org> napisala je:",
    "На пт, 20.11.2026 г. в 9:12 Ann <ann@x.org> написа:",
    "2026. 11. 20. 9:12 keltezéssel, Ann írta:",
    "Dne 20. 11. 26 v 9:12 Ann napsal(a):",
    "La 20.11.2026 09:12, Ann a scris:",
    "20.11.2026 09:12, Ann пишет:",
    "Em 20/11/2026 09:12, Ann escreveu:",
    "El 20 nov 2026, a las 09:12, Ann Example <ann@x.org> escribió:",
    "Kontakt Ann (<ann@x.org>) kirjutas kuupäeval R, 20. november 2026 kell 09:12:",
    "Ann <ann@x.org> در تاریخ جمعه ۲۰ نوامبر ۲۰۲۶ ساعت ۹:۱۲ نوشت:",
    "शुक्र, 20 नव॰ 2026 को 9:12 am बजे को Ann <ann@x.org> ने लिखा:",
    "ในวันที่ ศ. 20 พ.ย. 2026 เวลา 09:12 Ann <ann@x.org> เขียนว่า:",
    "On 20 Nov 2026, at 09:12, Ann Example <ann@x.org> wrote:",
    "Le ven. 20 nov. 2026 à 09:12, Ann Example <ann@x.org> a écrit :",
    "Le 20/11/2026 à 09:12, Ann Example a écrit :",
    "Le 20 nov. 2026 à 09:12, Ann Example <ann@x.org> a écrit",
    "- Le 2026-11-20 09:12, Ann Example <ann@x.org> a écrit :",
    "Am Fr., 20. Nov. 2026 um 09:12 Uhr schrieb Ann Example <ann@x.org>:",
    "Am 20.11.26 um 09:12 schrieb Ann Example:",
    "Ann Example <ann@x.org> schrieb am Fr., 20. Nov. 2026, 09:12:",
    "El vie, 20 nov 2026 a las 9:12, Ann Example (<ann@x.org>) escribió:",
    "El dia 20 nov 2026, a les 9:12, Ann Example <ann@x.org> va escriure:",
    "Il giorno ven 20 nov 2026 alle ore 09:12 Ann Example <ann@x.org> ha scritto:",
    "Em sex., 20 de nov. de 2026 às 09:12, Ann Example <ann@x.org> escreveu:",
    "No dia 20/11/2026, às 09:12, Ann Example <ann@x.org> escreveu:",
    "Op vr 20 nov 2026 om 09:12 schreef Ann Example <ann@x.org>:",
    "Op 20 nov. 2026, om 09:12 heeft Ann Example <ann@x.org> het volgende geschreven:",
    "Den fre 20 nov. 2026 kl 09:12 skrev Ann Example <ann@x.org>:",
    "fre. 20. nov. 2026 kl. 09:12 skrev Ann Example <ann@x.org>:",
    "Den fre. 20. nov. 2026 kl. 09.12 skrev Ann Example <ann@x.org>:",
    "pe 20. marrask. 2026 klo 9.12 Ann Example (ann@x.org) kirjoitti:",
    "pt., 20 lis 2026 o 09:12 Ann Example <ann@x.org> napisał(a):",
    "W dniu 20.11.2026 o 09:12, Ann Example pisze:",
    "Wiadomość napisana przez Ann Example <ann@x.org> w dniu 20.11.2026, o godz. 09:12:",
    "pá 20. 11. 2026 v 9:12 odesílatel Ann Example <ann@x.org> napsal:",
    "pi 20. 11. 2026 o 9:12 Ann Example <ann@x.org> napísal(a):",
    "пт, 20 нояб. 2026 г. в 09:12, Ann Example <ann@x.org>:",
    "20 нояб. 2026 г., в 09:12, Ann Example <ann@x.org> написал(а):",
    "пт, 20 лист. 2026 р. о 09:12 Ann Example <ann@x.org> пише:",
    "Ann Example <ann@x.org> ezt írta (időpont: 2026. nov. 20., P, 9:12):",
    "În vin., 20 nov. 2026 la 09:12, Ann Example <ann@x.org> a scris:",
    "Ann Example <ann@x.org>, 20 Kas 2026 Cum, 09:12 tarihinde şunu yazdı:",
    "Στις Παρ 20 Νοε 2026 στις 9:12 π.μ., ο χρήστης Ann Example <ann@x.org> έγραψε:",
    "2026年11月20日(金) 9:12 Ann Example <ann@x.org>:",
    "Ann Example <ann@x.org> 于2026年11月20日周五 09:12写道：",
    "2026년 11월 20일 (금) 오전 9:12, Ann Example <ann@x.org>님이 작성:",
    "\342\200\253בתאריך יום ו׳, 20 בנוב׳ 2026 ב-9:12 מאת \342\200\252Ann "
    "Example\342\200\254\342\200\217 "
    "<\342\200\252ann@x.org\342\200\254\342\200\217>:\342\200\254",
    "في الجمعة، ٢٠ نوفمبر ٢٠٢٦، ٩:١٢ ص Ann Example <ann@x.org> كتب:",
    "Vào Th 6, 20 thg 11, 2026 vào lúc 09:12 Ann Example <ann@x.org> đã viết:",
    "Pada tanggal Jum, 20 Nov 2026 pukul 09.12 Ann Example <ann@x.org> menulis:",
    "---- On Fri, 20 Nov 2026 09:12:00 +0100 Ann Example <ann@x.org> wrote ----",
    "20.11.2026, 09:12, \"Ann Example\" <ann@x.org>:",
};

/* The labels of sender, date, recipient, subject. */
static const char *const headers[][4] = {
    {"De", "Envoyé", "À", "Objet"},
    {"Von", "Gesendet", "An", "Betreff"},
    {"De", "Enviado", "Para", "Asunto"},
    {"Da", "Inviato", "A", "Oggetto"},
    {"De", "Enviado", "Para", "Assunto"},
    {"Van", "Verzonden", "Aan", "Onderwerp"},
    {"Från", "Skickat", "Till", "Ämne"},
    {"Fra", "Sendt", "Til", "Emne"},
    {"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"},
    {"Od", "Wysłano", "Do", "Temat"},
    {"Od", "Odesláno", "Komu", "Předmět"},
    {"От", "Отправлено", "Кому", "Тема"},
    {"Від", "Надіслано", "Кому", "Тема"},
    {"Feladó", "Elküldve", "Címzett", "Tárgy"},
    {"De la", "Trimis", "Către", "Subiect"},
    {"Gönderen", "Gönderildi", "Kime", "Konu"},
    {"Από", "Στάλθηκε", "Προς", "Θέμα"},
    {"差出人", "送信日時", "宛先", "件名"},
    {"发件人", "发送时间", "收件人", "主题"},
    {"보낸 사람", "보낸 날짜", "받는 사람", "제목"},
    {"מאת", "נשלח", "אל", "נושא"},
    {"من", "تاريخ الإرسال", "إلى", "الموضوع"},
    {"Từ", "Ngày", "Đến", "Chủ đề"},
    {"Fra", "Dato", "Til", "Emne"},
};

static const char *const footers[] = {
    "Sent from my iPhone",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "Envoyé de mon iPhone",
    "Envoyé à partir d’Outlook pour Android",
    "Envoyé depuis l'application Mail Orange",
    "Envoyé avec la messagerie sécurisée Proton Mail.",
    "Provenance : Courrier pour Windows",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden vanuit Mail voor Windows",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "Az iPhone-omról küldve",
    "Trimis de pe iPhone-ul meu",
    "iPhone'umdan gönderildi",
    "Στάλθηκε από το iPhone μου",
    "iPhoneから送信",
    "发自我的iPhone",
    "나의 iPhone에서 보냄",
    "נשלח מה-iPhone שלי",
    "أُرسلت من الـ iPhone",
    "Đã gửi từ iPhone của tôi",
    "Dikirim dari iPhone saya",
    "Télécharger Outlook pour iOS",
    "Outlook für Android beziehen",
    "Obtener Outlook para iOS",
    "Scarica Outlook per Android",
    "Obter o Outlook para iOS",
    "Hämta Outlook för iOS",
    "Outlook voor Android downloaden",
};

static const QuoteCase quote_cases[] = {
    {"nothing quoted", "RBonjour,\n"
                       "R\n"
                       "RMerci.\n"},
    {"nothing", ""},
    {"no line end", "RMerci"},
    {"English, marked", "RThanks!\n"
                        "Q\n"
                        "QOn Fri, Nov 20, 2026 at 9:12 AM Ann <ann@x.org> wrote:\n"
                        "Q\n"
                        "Q> Does it work?\n"
                        "Q> Ann\n"},
    {"English, not marked", "RThanks!\n"
                            "Q\n"
                            "QOn Fri, Nov 20, 2026 at 9:12 AM Ann <ann@x.org> wrote:\n"
                            "Q\n"
                            "QDoes it work?\n"
                            "Q\n"
                            "QAnn\n"},
    {"English, wrapped", "RThanks!\n"
                         "Q\n"
                         "QOn Fri, Nov 20, 2026 at 9:12 AM Ann Example With A Long Name\n"
                         "Q<ann@x.org>\n"
                         "Qwrote:\n"
                         "Q> Yes?\n"},
    {"only a name", "RThanks!\n"
                    "Q\n"
                    "QOn Tue, someone wrote:\n"
                    "Q> Yes?\n"},
    {"a name and an address", "RThanks!\n"
                              "Q\n"
                              "QAnn Example <ann@x.org> wrote:\n"
                              "QYes?\n"},
    {"old Gmail", "RThanks!\n"
                  "Q\n"
                  "Q2026/11/20 Ann Example <ann@x.org>:\n"
                  "QYes?\n"},
    {"own prose", "ROn reflection I see what she wrote:\n"
                  "Rnothing at all.\n"},
    {"French, marked", "RMerci !\n"
                       "Q\n"
                       "QLe ven. 20 nov. 2026 à 09:12, Paul <p@x.org> a écrit :\n"
                       "Q\n"
                       "Q> Ça va ?\n"
                       "Q> > Oui.\n"},
    {"French, no-break space", "RMerci !\n"
                               "Q\n"
                               "QLe 20/11/2026 à 09:12, Paul a écrit\302\240"
                               ":\n"
                               "Q> Ça va ?\n"},
    {"French, wrapped", "RMerci !\n"
                        "Q\n"
                        "QLe vendredi 20 novembre 2026 à 09:12, Service informatique <\n"
                        "Qsupport@x.org> a écrit :\n"
                        "Q\n"
                        "QÇa va ?\n"},
    {"own French prose", "RLe chef a écrit :\n"
                         "Rrien.\n"},
    {"the line above stays", "ROn verra bien.\n"
                             "QOn Fri, Nov 20, 2026 Ann <ann@x.org> wrote:\n"
                             "Q> Yes?\n"},
    {"bare quote marks", "ROui.\n"
                         "Q> Ça va ?\n"},
    {"Outlook, English", "RDone.\n"
                         "Q\n"
                         "Q\n"
                         "QFrom: Ann <ann@x.org>\n"
                         "QSent: Friday, November 20, 2026 9:12 AM\n"
                         "QTo: Paul\n"
                         "QSubject: Printer\n"
                         "Q\n"
                         "QIt is broken.\n"},
    {"Outlook, French", "RC'est fait.\n"
                        "Q\n"
                        "QDe : Ann <ann@x.org>\n"
                        "QEnvoyé : vendredi 20 novembre 2026 09:12\n"
                        "QÀ : Paul\n"
                        "QObjet : Imprimante\n"
                        "Q\n"
                        "QElle est cassée.\n"},
    {"Outlook, French, bold", "RC'est fait.\n"
                              "Q\n"
                              "Q*De :* Ann\n"
                              "Q*Envoyé :* vendredi\n"
                              "Q*À :* Paul\n"
                              "Q*Objet\302\240"
                              ":* Imprimante\n"
                              "Q\n"
                              "QCassée.\n"},
    {"Outlook on the web", "RDone.\n"
                           "Q\n"
                           "Q________________________________\n"
                           "QDe : Ann <ann@x.org>\n"
                           "QEnvoyé : vendredi\n"
                           "QÀ : Paul <p@x.org>\n"
                           "QObjet : x\n"
                           "Q\n"
                           "QCassée.\n"},
    {"webmail, date first", "RFait.\n"
                            "Q\n"
                            "Q\n"
                            "Qenvoyé : 20 novembre 2026 à 09:12\n"
                            "Qde : Ann <ann@x.org>\n"
                            "Qà : p@x.org\n"
                            "Q\n"
                            "QCassée.\n"},
    {"folded recipients", "RDone.\n"
                          "QFrom: Ann\n"
                          "QTo: one@x.org,\n"
                          "Q two@x.org,\n"
                          "Q three@x.org\n"
                          "QSubject: x\n"
                          "Q\n"
                          "QBroken.\n"},
    {"not a header block", "RFrom: the start\n"
                           "Rit went well.\n"
                           "RNothing to report.\n"},
    {"original message", "RDone.\n"
                         "Q\n"
                         "Q-----Original Message-----\n"
                         "QFrom: Ann\n"
                         "Q\n"
                         "QBroken.\n"},
    {"message d'origine", "RFait.\n"
                          "Q\n"
                          "Q-----Message d'origine-----\n"
                          "QDe : Ann\n"
                          "Q\n"
                          "QCassée.\n"},
    {"mail original", "RFait.\n"
                      "Q\n"
                      "Q----- Mail original -----\n"
                      "QCassée.\n"},
    {"message du", "RFait.\n"
                   "Q\n"
                   "Q---- Message du : 20/11/2026 09:12\n"
                   "QCassée.\n"},
    {"signature", "RMerci.\n"
                  "S\n"
                  "S-- \n"
                  "SPaul\n"
                  "SService\n"},
    {"signature and quote", "RMerci.\n"
                            "S-- \n"
                            "SPaul\n"
                            "Q\n"
                            "QLe 20/11/2026, Ann a écrit :\n"
                            "Q> Oui ?\n"},
    {"quote and signature", "RMerci.\n"
                            "Q> Oui ?\n"
                            "S\n"
                            "S-- \n"
                            "SPaul\n"},
    {"telephone, French", "ROui.\n"
                          "S\n"
                          "SEnvoyé de mon iPhone\n"
                          "Q\n"
                          "Q> Le 20 nov., Ann :\n"
                          "Q> Oui ?\n"},
    {"telephone, English", "RYes.\n"
                           "SSent from my Galaxy\n"},
    {"Outlook for phones", "ROui.\n"
                           "S\n"
                           "STélécharger Outlook pour Android <https://aka.ms/x>\n"},
    {"Get Outlook", "RYes.\n"
                    "S\n"
                    "SGet Outlook for iOS\n"},
    {"two dashes are not always one", "ROptions:\n"
                                      "R--verbose\n"},
    {"interleaved", "R> Un ?\n"
                    "ROui.\n"
                    "R> Deux ?\n"
                    "RNon.\n"},
    {"below", "QLe 20/11/2026 à 09:12, Ann a écrit :\n"
              "Q> Ça va ?\n"
              "R\n"
              "ROui.\n"},
    {"interleaved, then history", "R> Un ?\n"
                                  "ROui.\n"
                                  "Q> Le reste.\n"
                                  "Q> Encore.\n"},
    {"interleaved and signed", "R> Un ?\n"
                               "ROui.\n"
                               "S-- \n"
                               "SPaul\n"},
    {"only a quote", "R> Ça va ?\n"
                     "R> Oui.\n"},
    {"only a signature", "R-- \n"
                         "RPaul\n"},
    {"only history", "R\n"
                     "R\n"
                     "RFrom: Ann\n"
                     "RSent: Friday\n"
                     "RTo: Paul\n"
                     "RSubject: x\n"
                     "R\n"
                     "RBroken.\n"},
    {"forwarded", "RPour info.\n"
                  "R\n"
                  "R---------- Forwarded message ---------\n"
                  "RFrom: Ann\n"
                  "RDate: Friday\n"
                  "RSubject: x\n"
                  "RTo: Paul\n"
                  "R\n"
                  "RBroken.\n"},
    {"transféré", "RPour info.\n"
                  "R\n"
                  "R-------- Message transféré --------\n"
                  "RDe : Ann\n"
                  "RDate : x\n"
                  "RPour : Paul\n"
                  "RSujet : x\n"
                  "R\n"
                  "RCassée.\n"},
    {"Apple's forward", "RVoilà\n"
                        "R\n"
                        "RDébut du message réexpédié :\n"
                        "R\n"
                        "RDe: Ann\n"
                        "RObjet: x\n"
                        "RDate: x\n"},
    {"Outlook for phones", "RAha.\n"
                           "S\n"
                           "SGet Outlook for iOS<https://aka.ms/x>\n"
                           "Q________________________________\n"
                           "QFrom: Ann <ann@x.org>\n"
                           "QSent: Friday\n"
                           "QTo: Paul\n"
                           "QSubject: y\n"
                           "Q\n"
                           "QOho?\n"},
    {"bold header, blank lines between", "RAha.\n"
                                         "Q\n"
                                         "Q*Von:* Ann\n"
                                         "Q\n"
                                         "Q*Gesendet:* Freitag\n"
                                         "Q\n"
                                         "Q*An:* Paul\n"
                                         "Q\n"
                                         "Q*Betreff:* y\n"
                                         "Q\n"
                                         "QOho?\n"},
    {"two fields that only mails have", "RAha.\n"
                                        "Q\n"
                                        "QDate: Wed, 16 May 2012 00:15:02 -0600\n"
                                        "QTo: ann@x.org\n"
                                        "Q\n"
                                        "QOho?\n"},
    {"a header run together",
     "RAha.\n"
     "Q\n"
     "QTemat: RE: y 2026-11-20 9:12Nadawca: \"Ann\" ann@x.org Adresat: Paul\n"
     "QOho?\n"},
    {"Orange", "RBonjour,\n"
               "R\n"
               "ROui.\n"
               "Q\n"
               "Q> Message du 20/11/26 09:12\n"
               "Q> De : \"Ann\" <ann@x.org>\n"
               "Q> A : p@x.org\n"
               "Q> Copie à :\n"
               "Q> Objet : y\n"
               "Q>\n"
               "QÇa marche ?\n"},
    {"Orange, newer", "ROui.\n"
                      "Q\n"
                      "Q> envoyé : 20 novembre 2026 à 09:12\n"
                      "Q> de : Ann <ann@x.org>\n"
                      "Q> à : p@x.org\n"
                      "Q> objet : y\n"
                      "Q>\n"
                      "Q> Ça marche ?\n"},
    {"La Poste", "ROui.\n"
                 "Q\n"
                 "Q> Message du 20/11/26 09:12\n"
                 "Q> De : \"Ann\" <ann@x.org>\n"
                 "Q> A : p@x.org\n"
                 "Q>\n"
                 "Q> Ça marche ?\n"},
    {"Free, Zimbra", "ROui.\n"
                     "Q\n"
                     "Q----- Mail original -----\n"
                     "QDe: \"Ann\" <ann@x.org>\n"
                     "QÀ: p@x.org\n"
                     "QEnvoyé: Vendredi 20 Novembre 2026 09:12:00\n"
                     "QObjet: y\n"
                     "Q\n"
                     "QÇa marche ?\n"},
    {"Free, Roundcube", "ROui.\n"
                        "Q\n"
                        "QLe 20-11-2026 09:12, Ann a écrit :\n"
                        "Q> Ça marche ?\n"},
    {"SFR", "ROui.\n"
            "Q\n"
            "Q========================================\n"
            "Q\n"
            "QMessage du : 20/11/2026 09:12\n"
            "QDe : \"Ann\" <ann@x.org>\n"
            "QA : p@x.org\n"
            "QCopie à :\n"
            "QSujet : y\n"
            "Q\n"
            "QÇa marche ?\n"},
    {"Samsung", "ROui.\n"
                "S\n"
                "S\n"
                "SEnvoyé depuis mon appareil Galaxy\n"
                "Q\n"
                "Q-------- Message d'origine --------\n"
                "QDe : Ann <ann@x.org>\n"
                "QDate : 20/11/2026 09:12 (GMT+01:00)\n"
                "QÀ : p@x.org\n"
                "QObjet : y\n"
                "Q\n"
                "QÇa marche ?\n"},
    {"Proton", "RYes.\n"
               "S\n"
               "SSent from Proton Mail for iOS\n"
               "Q\n"
               "Q------- Original Message -------\n"
               "QOn Friday, November 20th, 2026 at 9:12 AM, Ann <ann@x.org> wrote:\n"
               "Q\n"
               "Q> Oho?\n"},
    {"the mark and its header in one line",
     "RAha.\n"
     "Q-------- Ursprüngliche Nachricht --------Von: \"Ann\" Datum: 20.11.26 09:12 An: Paul\n"
     "QOho?\n"},
    {"told in French", "RBonjour,\n"
                       "RLe 12/03/2024 à 10:00 votre collègue nous a écrit :\n"
                       "RRien ne va plus.\n"},
    {"told in English", "ROn 12/03/2024 at 10:00 and at 11:00 she wrote:\n"
                        "RNothing works.\n"},
    {"a date alone", "RIn your letter:\n"
                     "ROn 20 November 2025 your colleague wrote:\n"
                     "RNothing works.\n"},
    {"a list", "RVoici :\n"
               "R- objet : lampe\n"
               "R- date : lundi\n"
               "RMerci\n"},
    {"underlined", "RCommande\n"
                   "R--------\n"
                   "Rune lampe\n"},
    {"a question below a rule", "RMerci.\n"
                                "R\n"
                                "R-----\n"
                                "RAu fait, quand livrez-vous ?\n"},
    {"a pasted header", "RVoici l'en-tête :\n"
                        "R\n"
                        "RReceived: from x\n"
                        "RMessage-ID: <a@x.org>\n"
                        "RDate: Wed, 16 May 2012 00:15:02 -0600\n"
                        "RFrom: Ann <ann@x.org>\n"
                        "RTo: p@x.org\n"
                        "RSubject: y\n"},
    {"sent by post", "RJ'ai envoyé de mon côté le courrier hier.\n"
                     "RCordialement\n"},
    {"a question of sending", "RBonjour\n"
                              "REnvoyé depuis mon mobile hier, l'avez-vous reçu ?\n"},
    {"the list of a mailing list", "RHi.\n"
                                   "S\n"
                                   "S_______________________________________________\n"
                                   "Sexample-users mailing list\n"
                                   "Sexample-users@x.org\n"},
    {"an attribution above the answer", "QOn 15 May 2026 19:32, \"Ann\" <ann@x.org> wrote:\n"
                                        "R\n"
                                        "RNo, it does not.\n"},
    {"answers within one quote", "RHi,\n"
                                 "QOn Fri, 20 Nov 2026 at 09:12, Ann wrote:\n"
                                 "R> One?\n"
                                 "RYes.\n"
                                 "Q> And so on.\n"},
    {"one quote, two answers around", "RHi,\n"
                                      "QOn Fri, 20 Nov 2026 at 09:12, Ann wrote:\n"
                                      "Q> One?\n"
                                      "R\n"
                                      "RYes.\n"},
    {"a footer first", "SSent from my iPhone\n"
                       "R\n"
                       "RHello.\n"},
    {"a forward, English", "RVoilà.\n"
                           "R\n"
                           "R---------- Forwarded message ---------\n"
                           "RFrom: Ann <ann@x.org>\n"
                           "RDate: Friday\n"
                           "RSubject: x\n"
                           "RTo: Paul\n"
                           "R\n"
                           "RBroken.\n"
                           "R> Before.\n"},
    {"a forward, Apple", "RVoilà.\n"
                         "R\n"
                         "RBegin forwarded message:\n"
                         "RFrom: Ann <ann@x.org>\n"
                         "RDate: Friday\n"
                         "RSubject: x\n"
                         "RTo: Paul\n"
                         "R\n"
                         "RBroken.\n"
                         "R> Before.\n"},
    {"a forward, French, Apple", "RVoilà.\n"
                                 "R\n"
                                 "RDébut du message réexpédié :\n"
                                 "RFrom: Ann <ann@x.org>\n"
                                 "RDate: Friday\n"
                                 "RSubject: x\n"
                                 "RTo: Paul\n"
                                 "R\n"
                                 "RBroken.\n"
                                 "R> Before.\n"},
    {"a forward, French", "RVoilà.\n"
                          "R\n"
                          "R-------- Message transféré --------\n"
                          "RFrom: Ann <ann@x.org>\n"
                          "RDate: Friday\n"
                          "RSubject: x\n"
                          "RTo: Paul\n"
                          "R\n"
                          "RBroken.\n"
                          "R> Before.\n"},
    {"a forward, German", "RVoilà.\n"
                          "R\n"
                          "R-------- Weitergeleitete Nachricht --------\n"
                          "RFrom: Ann <ann@x.org>\n"
                          "RDate: Friday\n"
                          "RSubject: x\n"
                          "RTo: Paul\n"
                          "R\n"
                          "RBroken.\n"
                          "R> Before.\n"},
    {"a forward, German, Apple", "RVoilà.\n"
                                 "R\n"
                                 "RAnfang der weitergeleiteten Nachricht:\n"
                                 "RFrom: Ann <ann@x.org>\n"
                                 "RDate: Friday\n"
                                 "RSubject: x\n"
                                 "RTo: Paul\n"
                                 "R\n"
                                 "RBroken.\n"
                                 "R> Before.\n"},
    {"a forward, Spanish", "RVoilà.\n"
                           "R\n"
                           "R---------- Mensaje reenviado ---------\n"
                           "RFrom: Ann <ann@x.org>\n"
                           "RDate: Friday\n"
                           "RSubject: x\n"
                           "RTo: Paul\n"
                           "R\n"
                           "RBroken.\n"
                           "R> Before.\n"},
    {"a forward, Italian", "RVoilà.\n"
                           "R\n"
                           "R-------- Messaggio Inoltrato --------\n"
                           "RFrom: Ann <ann@x.org>\n"
                           "RDate: Friday\n"
                           "RSubject: x\n"
                           "RTo: Paul\n"
                           "R\n"
                           "RBroken.\n"
                           "R> Before.\n"},
    {"a forward, Dutch", "RVoilà.\n"
                         "R\n"
                         "R---------- Doorgestuurd bericht ---------\n"
                         "RFrom: Ann <ann@x.org>\n"
                         "RDate: Friday\n"
                         "RSubject: x\n"
                         "RTo: Paul\n"
                         "R\n"
                         "RBroken.\n"
                         "R> Before.\n"},
    {"a forward, Polish", "RVoilà.\n"
                          "R\n"
                          "R-------- Przekazana wiadomość --------\n"
                          "RFrom: Ann <ann@x.org>\n"
                          "RDate: Friday\n"
                          "RSubject: x\n"
                          "RTo: Paul\n"
                          "R\n"
                          "RBroken.\n"
                          "R> Before.\n"},
    {"a forward, Russian", "RVoilà.\n"
                           "R\n"
                           "R-------- Пересылаемое сообщение --------\n"
                           "RFrom: Ann <ann@x.org>\n"
                           "RDate: Friday\n"
                           "RSubject: x\n"
                           "RTo: Paul\n"
                           "R\n"
                           "RBroken.\n"
                           "R> Before.\n"},
    {"a forward, Japanese", "RVoilà.\n"
                            "R\n"
                            "R-------- 転送メッセージ --------\n"
                            "RFrom: Ann <ann@x.org>\n"
                            "RDate: Friday\n"
                            "RSubject: x\n"
                            "RTo: Paul\n"
                            "R\n"
                            "RBroken.\n"
                            "R> Before.\n"},
    {"a message of a day", "RBonjour,\n"
                           "RMessage du 20/11/2026 : le colis est perdu.\n"
                           "RQue faire ?\n"},
    {"a message of a day, as a mark", "ROui.\n"
                                      "Q\n"
                                      "QMessage du 20/11/2026 09:12\n"
                                      "QDe : Ann\n"
                                      "QÇa marche ?\n"},
    {"an answer below a quoted mark", "RHello,\n"
                                      "R> -----Original Message-----\n"
                                      "R> From: Ann\n"
                                      "R> Broken.\n"
                                      "RIt is not.\n"},
    {"a web form", "RNom : Durand\n"
                   "RDate : 12/03/2024\n"
                   "RObjet : lampe\n"
                   "RDe : Lyon\n"
                   "RPour : mon fils\n"
                   "R\n"
                   "RBonjour\n"},
    {"a log", "RVoici :\n"
              "R2026-11-20 09:12:00 user ann@x.org error:\n"
              "R2026-11-20 09:13:00 <ann@x.org>:\n"
              "RMerci\n"},
    {"a machine that wrote", "RHello\n"
                             "R\n"
                             "ROn 2026-11-20 09:12 the server wrote:\n"
                             "R  error 5\n"},
    {"an appointment", "RRendez-vous :\n"
                       "RLe 20/11/2026 à 09:12 chez M. Paul <p@x.org> :\n"
                       "R- lampe\n"},
};
