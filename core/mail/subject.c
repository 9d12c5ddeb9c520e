/* Subjects of machines, by phrases: data, in the languages that mail systems are sold in.
 *
 * All phrases are case-folded. A subject is a weak witness: anybody may write anything, which
 * is why the callers ask it last, or together with something else. */
#include "core/mail/subject.h"

#include <string.h>

/* Anywhere in it. */
static const char *const failures[] = {
    "undelivered mail",
    "undeliverable",
    "undelivered message",
    "delivery status notification",
    "delivery notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery error",
    "delivery delayed",
    "delayed mail",
    "delivery incomplete",
    "delivery unsuccessful",
    "delivery problem",
    "failure notice",
    "failure delivery",
    "failed delivery",
    "failed mail",
    "mail failure",
    "mail delivery failed",
    "mail delivery failure",
    "mail delivery problem",
    "mail delivery status",
    "message delivery failure",
    "message undeliverable",
    "message status - undeliverable",
    "message delayed",
    "message not delivered",
    "nondeliverable",
    "non-deliverable",
    "non delivery",
    "non-delivery",
    "nondelivery",
    "not deliverable",
    "could not be delivered",
    "couldn't be delivered",
    "could not deliver",
    "could not send message",
    "unable to deliver",
    "returned mail",
    "returned to sender",
    "return to sender",
    "returned message",
    "returning message to sender",
    "mail returned",
    "mail delivery system",
    "mail system error",
    "permanent delivery failure",
    "postmaster notify",
    "unknown recipient",
    "user unknown",
    "warning: could not send",
    "warning: message",
    "mail could not",
    "non remis",
    "non d\xc3\xa9livr\xc3\xa9",
    "non distribu\xc3\xa9",
    "non distribuable",
    "non d\xc3\xa9livrable",
    "\xc3\xa9"
    "chec de la remise",
    "\xc3\xa9"
    "chec de remise",
    "\xc3\xa9"
    "chec de distribution",
    "\xc3\xa9"
    "chec de la distribution",
    "\xc3\xa9"
    "chec d'envoi",
    "\xc3\xa9"
    "chec de livraison",
    "remise impossible",
    "remise diff\xc3\xa9r\xc3\xa9"
    "e",
    "remise retard\xc3\xa9"
    "e",
    "notification d'\xc3\xa9tat de remise",
    "notification d'\xc3\xa9tat de la remise",
    "\xc3\xa9tat de remise",
    "unzustellbar",
    "nicht zustellbar",
    "nicht zugestellt",
    "zustellung fehlgeschlagen",
    "zustellfehler",
    "zustellung verz\xc3\xb6gert",
    "benachrichtigung zum \xc3\xbc"
    "bermittlungsstatus",
    "unzustellbare",
    "no se puede entregar",
    "no se pudo entregar",
    "no entregado",
    "no se ha podido entregar",
    "notificaci\xc3\xb3n de estado de entrega",
    "notificaci\xc3\xb3n del estado de la entrega",
    "error de entrega",
    "entrega fallida",
    "mensaje devuelto",
    "correo devuelto",
    "impossibile recapitare",
    "mancato recapito",
    "mancata consegna",
    "non recapitabile",
    "messaggio non recapitato",
    "notifica sullo stato del recapito",
    "n\xc3\xa3o entregue",
    "n\xc3\xa3o \xc3\xa9 poss\xc3\xadvel entregar",
    "falha na entrega",
    "n\xc3\xa3o foi poss\xc3\xadvel entregar",
    "n\xc3\xa3o \xc3\xa9 poss\xc3\xadvel remeter",
    "notifica\xc3\xa7\xc3\xa3o de status de entrega",
    "notifica\xc3\xa7\xc3\xa3o do estado",
    "niet bezorgd",
    "onbestelbaar",
    "niet afgeleverd",
    "bezorging mislukt",
    "kan inte levereras",
    "kunde inte levereras",
    "oleverbar",
    "olevererad",
    "kunne ikke leveres",
    "kan ikke leveres",
    "ikke levert",
    "ikke leveret",
    "toimittaminen ep\xc3\xa4onnistui",
    "ei voi toimittaa",
    "ei voitu toimittaa",
    "nie mo\xc5\xbcna dostarczy\xc4\x87",
    "niedostarczon",
    "nie dostarczono",
    "nedoru\xc4\x8diteln",
    "nelze doru\xc4\x8dit",
    "nedoru\xc4\x8d"
    "eno",
    "nem k\xc3\xa9zbes\xc3\xadthet\xc5\x91",
    "k\xc3\xa9zbes\xc3\xadthetetlen",
    "teslim edilemedi",
    "teslim edilemez",
    "iletilemedi",
    /* недоставлен */
    "\xd0\xbd\xd0\xb5\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd",
    /* не доставлен */
    "\xd0\xbd\xd0\xb5 \xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd",
    /* не удается доставить */
    "\xd0\xbd\xd0\xb5 \xd1\x83\xd0\xb4\xd0\xb0\xd0\xb5\xd1\x82\xd1\x81\xd1\x8f "
    "\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xb8\xd1\x82\xd1\x8c",
    /* не удалось доставить */
    "\xd0\xbd\xd0\xb5 \xd1\x83\xd0\xb4\xd0\xb0\xd0\xbb\xd0\xbe\xd1\x81\xd1\x8c "
    "\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xb8\xd1\x82\xd1\x8c",
    /* невозможно доставить */
    "\xd0\xbd\xd0\xb5\xd0\xb2\xd0\xbe\xd0\xb7\xd0\xbc\xd0\xbe\xd0\xb6\xd0\xbd\xd0\xbe "
    "\xd0\xb4\xd0\xbe\xd1\x81\xd1\x82\xd0\xb0\xd0\xb2\xd0\xb8\xd1\x82\xd1\x8c",
    /* 配信できません */
    "\xe9\x85\x8d\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
    /* 配信不能 */
    "\xe9\x85\x8d\xe4\xbf\xa1\xe4\xb8\x8d\xe8\x83\xbd",
    /* 配送できません */
    "\xe9\x85\x8d\xe9\x80\x81\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
    /* 送信できません */
    "\xe9\x80\x81\xe4\xbf\xa1\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
    /* 配信されません */
    "\xe9\x85\x8d\xe4\xbf\xa1\xe3\x81\x95\xe3\x82\x8c\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
    /* 届けられません */
    "\xe5\xb1\x8a\xe3\x81\x91\xe3\x82\x89\xe3\x82\x8c\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
    /* エラーメール */
    "\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab",
    /* 不達 */
    "\xe4\xb8\x8d\xe9\x81\x94",
    /* 宛先不明 */
    "\xe5\xae\x9b\xe5\x85\x88\xe4\xb8\x8d\xe6\x98\x8e",
    /* 無法傳遞 */
    "\xe7\x84\xa1\xe6\xb3\x95\xe5\x82\xb3\xe9\x81\x9e",
    /* 未传递 */
    "\xe6\x9c\xaa\xe4\xbc\xa0\xe9\x80\x92",
    /* 无法投递 */
    "\xe6\x97\xa0\xe6\xb3\x95\xe6\x8a\x95\xe9\x80\x92",
    /* 无法送达 */
    "\xe6\x97\xa0\xe6\xb3\x95\xe9\x80\x81\xe8\xbe\xbe",
    /* 未送达 */
    "\xe6\x9c\xaa\xe9\x80\x81\xe8\xbe\xbe",
    /* 退信 */
    "\xe9\x80\x80\xe4\xbf\xa1",
    /* 传递失败 */
    "\xe4\xbc\xa0\xe9\x80\x92\xe5\xa4\xb1\xe8\xb4\xa5",
};

/* At its start, and then a colon or the end: what vacation systems put in front of the subject
 * they answer. */
static const char *const formulas[] = {
    "automatic reply",
    "automatic response",
    "automated reply",
    "automated response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "auto-response",
    "autoresponse",
    "autorespons",
    "out of office autoreply",
    "out of office auto-reply",
    "out of office auto reply",
    "out of office automatic reply",
    "out of office reply",
    "out of office",
    "vacation message",
    "vacation reply",
    "vacation response",
    "away message",
    "[auto-reply]",
    "[auto reply]",
    "[autoreply]",
    "[out of office]",
    "(auto-reply)",
    "r\xc3\xa9ponse automatique",
    "reponse automatique",
    "r\xc3\xa9ponse automatis\xc3\xa9"
    "e",
    "message automatique",
    "r\xc3\xa9ponse d'absence",
    "message d'absence",
    "notification d'absence",
    "avis d'absence",
    "absence du bureau",
    "absent du bureau",
    "absent(e) du bureau",
    "r\xc3\xa9ponse automatique d'absence",
    "automatische antwort",
    "automatische antwort abwesend",
    "automatische r\xc3\xbc"
    "ckantwort",
    "autom. antwort",
    "automatische e-mail-antwort",
    "abwesenheitsnotiz",
    "abwesenheitsnachricht",
    "abwesenheitsmeldung",
    "abwesenheitsbenachrichtigung",
    "abwesenheitsagent",
    "abwesenheitsassistent",
    "respuesta autom\xc3\xa1tica",
    "respuesta automatica",
    "mensaje autom\xc3\xa1tico",
    "aviso de ausencia",
    "resposta autom\xc3\xa0tica",
    "risposta automatica",
    "risposta automatica fuori sede",
    "assenza dall'ufficio",
    "avviso di assenza",
    "resposta autom\xc3\xa1tica",
    "resposta automatica",
    "resposta autom\xc3\xa1tica de aus\xc3\xaancia",
    "aus\xc3\xaancia do escrit\xc3\xb3rio",
    "mensagem autom\xc3\xa1tica",
    "automatisch antwoord",
    "automatisch bericht",
    "automatische reactie",
    "automatische beantwoording",
    "automatisch antwoordbericht",
    "afwezigheidsbericht",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "automatiskt meddelande",
    "fr\xc3\xa5nvaromeddelande",
    "frav\xc3\xa6rsbesked",
    "frav\xc3\xa6rsmelding",
    "automaattinen vastaus",
    "automaattivastaus",
    "poissaoloilmoitus",
    "odpowied\xc5\xba automatyczna",
    "automatyczna odpowied\xc5\xba",
    "autoodpowied\xc5\xba",
    "odpowiedz automatyczna",
    "nieobecno\xc5\x9b\xc4\x87 w biurze",
    "automatick\xc3\xa1 odpov\xc4\x9b\xc4\x8f",
    "automatick\xc3\xa1 odpove\xc4\x8f",
    "automaticka odpoved",
    /* автоматический ответ */
    "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xb5\xd1\x81"
    "\xd0\xba\xd0\xb8\xd0\xb9 \xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82",
    /* автоответ */
    "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82",
    /* автоматична відповідь */
    "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xbd\xd0\xb0 "
    "\xd0\xb2\xd1\x96\xd0\xb4\xd0\xbf\xd0\xbe\xd0\xb2\xd1\x96\xd0\xb4\xd1\x8c",
    /* отсутствует на рабочем месте */
    "\xd0\xbe\xd1\x82\xd1\x81\xd1\x83\xd1\x82\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd0\xb5\xd1\x82 "
    "\xd0\xbd\xd0\xb0 \xd1\x80\xd0\xb0\xd0\xb1\xd0\xbe\xd1\x87\xd0\xb5\xd0\xbc "
    "\xd0\xbc\xd0\xb5\xd1\x81\xd1\x82\xd0\xb5",
    /* автоматичен отговор */
    "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xb5\xd0\xbd "
    "\xd0\xbe\xd1\x82\xd0\xb3\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x80",
    "automatikus v\xc3\xa1lasz",
    "automatik yan\xc4\xb1t",
    "otomatik yan\xc4\xb1t",
    "otomatik cevap",
    "r\xc4\x83spuns automat",
    "samodejni odgovor",
    "automatski odgovor",
    /* αυτόματη απάντηση */
    "\xce\xb1\xcf\x85\xcf\x84\xcf\x8c\xce\xbc\xce\xb1\xcf\x84\xce\xb7 "
    "\xce\xb1\xcf\x80\xce\xac\xce\xbd\xcf\x84\xce\xb7\xcf\x83\xce\xb7",
    /* απουσία από το γραφείο */
    "\xce\xb1\xcf\x80\xce\xbf\xcf\x85\xcf\x83\xce\xaf\xce\xb1 \xce\xb1\xcf\x80\xcf\x8c "
    "\xcf\x84\xce\xbf \xce\xb3\xcf\x81\xce\xb1\xcf\x86\xce\xb5\xce\xaf\xce\xbf",
    /* 自動応答 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94",
    /* 自動返信 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe8\xbf\x94\xe4\xbf\xa1",
    /* 不在通知 */
    "\xe4\xb8\x8d\xe5\x9c\xa8\xe9\x80\x9a\xe7\x9f\xa5",
    /* 不在のお知らせ */
    "\xe4\xb8\x8d\xe5\x9c\xa8\xe3\x81\xae\xe3\x81\x8a\xe7\x9f\xa5\xe3\x82\x89\xe3\x81\x9b",
    /* 自动答复 */
    "\xe8\x87\xaa\xe5\x8a\xa8\xe7\xad\x94\xe5\xa4\x8d",
    /* 自动回复 */
    "\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
    /* 自動回覆 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe5\x9b\x9e\xe8\xa6\x86",
    /* 自動回复 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe5\x9b\x9e\xe5\xa4\x8d",
    /* 外出自动回复 */
    "\xe5\xa4\x96\xe5\x87\xba\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
    /* 不在办公室 */
    "\xe4\xb8\x8d\xe5\x9c\xa8\xe5\x8a\x9e\xe5\x85\xac\xe5\xae\xa4",
    /* 자동 회신 */
    "\xec\x9e\x90\xeb\x8f\x99 \xed\x9a\x8c\xec\x8b\xa0",
};

/* At its start, as a whole word. */
static const char *const absences[] = {
    "out of office",
    "out of the office",
    "i am out of",
    "i'm out of",
    "i am away",
    "i'm away",
    "i am on vacation",
    "i'm on vacation",
    "i am on leave",
    "currently out of",
    "away from the office",
    "away from my mail",
    "away from office",
    "away until",
    "away from",
    "on vacation",
    "on holiday",
    "on leave",
    "on annual leave",
    "on maternity leave",
    "annual leave",
    "maternity leave",
    "r\xc3\xa9ponse automatique",
    "absence du bureau",
    "absent du bureau",
    "absente du bureau",
    "absent(e) du bureau",
    "absence jusqu",
    "absence du",
    "message d'absence",
    "notification d'absence",
    "je suis absent",
    "je suis actuellement absent",
    "je suis en cong\xc3\xa9",
    "en cong\xc3\xa9",
    "en vacances",
    "hors du bureau",
    "automatische antwort",
    "abwesenheits",
    "ich bin nicht im b\xc3\xbcro",
    "ich bin im urlaub",
    "ich bin abwesend",
    "ausser haus",
    "im urlaub",
    "nicht im b\xc3\xbcro",
    "fuera de la oficina",
    "fuera de oficina",
    "estoy de vacaciones",
    "de vacaciones",
    "estoy fuera",
    "respuesta autom\xc3\xa1tica",
    "risposta automatica",
    "fuori ufficio",
    "fuori sede",
    "in ferie",
    "sono assente",
    "assente fino",
    "resposta autom\xc3\xa1tica",
    "fora do escrit\xc3\xb3rio",
    "estou de f\xc3\xa9rias",
    "de f\xc3\xa9rias",
    "ausente at\xc3\xa9",
    "ausente do escrit\xc3\xb3rio",
    "automatisch antwoord",
    "afwezig",
    "niet op kantoor",
    "met vakantie",
    "op vakantie",
    "autosvar",
    "p\xc3\xa5 semester",
    "ej p\xc3\xa5 kontoret",
    "fr\xc3\xa5nvarande",
    "p\xc3\xa5 ferie",
    "ikke p\xc3\xa5 kontoret",
    "ikke til stede",
    "poissa toimistosta",
    "olen lomalla",
    "lomalla",
    "odpowied\xc5\xba automatyczna",
    "poza biurem",
    "na urlopie",
    "jestem nieobecn",
    "automatick\xc3\xa1 odpov\xc4\x9b\xc4\x8f",
    "mimo kancel\xc3\xa1\xc5\x99",
    "dovolen\xc3\xa1",
    "jsem na dovolen\xc3\xa9",
    /* автоматический ответ */
    "\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xb5\xd1\x81"
    "\xd0\xba\xd0\xb8\xd0\xb9 \xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82",
    /* в отпуске */
    "\xd0\xb2 \xd0\xbe\xd1\x82\xd0\xbf\xd1\x83\xd1\x81\xd0\xba\xd0\xb5",
    /* я в отпуске */
    "\xd1\x8f \xd0\xb2 \xd0\xbe\xd1\x82\xd0\xbf\xd1\x83\xd1\x81\xd0\xba\xd0\xb5",
    /* отсутствую */
    "\xd0\xbe\xd1\x82\xd1\x81\xd1\x83\xd1\x82\xd1\x81\xd1\x82\xd0\xb2\xd1\x83\xd1\x8e",
    "automatikus v\xc3\xa1lasz",
    "szabads\xc3\xa1gon",
    "irod\xc3\xa1n k\xc3\xadv\xc3\xbcl",
    "ofis d\xc4\xb1\xc5\x9f\xc4\xb1nda",
    "izindeyim",
    "tatildeyim",
    /* 自動応答 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94",
    /* 自動返信 */
    "\xe8\x87\xaa\xe5\x8b\x95\xe8\xbf\x94\xe4\xbf\xa1",
    /* 不在 */
    "\xe4\xb8\x8d\xe5\x9c\xa8",
    /* 休暇 */
    "\xe4\xbc\x91\xe6\x9a\x87",
    /* 自动答复 */
    "\xe8\x87\xaa\xe5\x8a\xa8\xe7\xad\x94\xe5\xa4\x8d",
    /* 自动回复 */
    "\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
    /* 休假 */
    "\xe4\xbc\x91\xe5\x81\x87",
    /* 不在办公室 */
    "\xe4\xb8\x8d\xe5\x9c\xa8\xe5\x8a\x9e\xe5\x85\xac\xe5\xae\xa4",
};

/* At its start, and then a colon: answers and forwards. */
static const char *const answers[] = {
    "re",
    "fw",
    "fwd",
    "aw",
    "antw",
    "antwort",
    "wg",
    "tr",
    "rv",
    "res",
    "r",
    "rif",
    "i",
    "enc",
    "vs",
    "sv",
    "vb",
    "vl",
    "odp",
    "pd",
    "ynt",
    "ilt",
    "hiv",
    "ha",
    "v\xc3\xa1",
    "tov",
    "tov\xc3\xa1"
    "bb\xc3\xadt\xc3\xa1s",
};

/* At its start, and then a colon: receipts. */
static const char *const receipts[] = {
    "read",
    "read receipt",
    "read report",
    "not read",
    "return receipt",
    "displayed",
    "gelesen",
    "nicht gelesen",
    "ungelesen gel\xc3\xb6scht",
    "lesebest\xc3\xa4tigung",
    "lu",
    "non lu",
    "confirmation de lecture",
    "accus\xc3\xa9 de r\xc3\xa9"
    "ception",
    "accus\xc3\xa9 de lecture",
    "le\xc3\xad"
    "do",
    "leido",
    "no le\xc3\xad"
    "do",
    "confirmaci\xc3\xb3n de lectura",
    "letto",
    "letta",
    "non letto",
    "non letta",
    "conferma di lettura",
    "ricevuta di ritorno",
    "lida",
    "lido",
    "n\xc3\xa3o lida",
    "confirma\xc3\xa7\xc3\xa3o de leitura",
    "recibo de leitura",
    "gelezen",
    "niet gelezen",
    "leesbevestiging",
    "ontvangstbevestiging",
    "l\xc3\xa4st",
    "inte l\xc3\xa4st",
    "l\xc3\xa4skvitto",
    "l\xc3\xa6st",
    "lest",
    "ulest",
    "ikke l\xc3\xa6st",
    "lesebekreftelse",
    "luettu",
    "lukukuittaus",
    "przeczytane",
    "przeczytano",
    "nieprzeczytane",
    "potwierdzenie odczytu",
    "p\xc5\x99"
    "e\xc4\x8dteno",
    "nep\xc5\x99"
    "e\xc4\x8dteno",
    /* прочитано */
    "\xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd0\xb8\xd1\x82\xd0\xb0\xd0\xbd\xd0\xbe",
    /* прочтено */
    "\xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd1\x82\xd0\xb5\xd0\xbd\xd0\xbe",
    /* не прочтено */
    "\xd0\xbd\xd0\xb5 \xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd1\x82\xd0\xb5\xd0\xbd\xd0\xbe",
    /* отчет о прочтении */
    "\xd0\xbe\xd1\x82\xd1\x87\xd0\xb5\xd1\x82 \xd0\xbe "
    "\xd0\xbf\xd1\x80\xd0\xbe\xd1\x87\xd1\x82\xd0\xb5\xd0\xbd\xd0\xb8\xd0\xb8",
    "olvasott",
    "olvasatlan",
    "okundu",
    "okunmad\xc4\xb1",
    /* 開封済み */
    "\xe9\x96\x8b\xe5\xb0\x81\xe6\xb8\x88\xe3\x81\xbf",
    /* 已读 */
    "\xe5\xb7\xb2\xe8\xaf\xbb",
    /* 已讀 */
    "\xe5\xb7\xb2\xe8\xae\x80",
};

/* Where `prefix` ends in `folded`, which begins with it as a whole word; NULL if not. Chinese
 * and Japanese have no blanks between words. */
static const char *after_prefix(const char *folded, const char *prefix)
{
    if (!g_str_has_prefix(folded, prefix))
        return NULL;
    const char *rest = folded + strlen(prefix);
    return g_unichar_isalpha(g_utf8_get_char(rest)) &&
                   g_unichar_isalpha(g_utf8_get_char(prefix)) &&
                   g_utf8_get_char(prefix) < 0x3000
               ? NULL
               : rest;
}

/* A colon, possibly after a blank, and possibly a wide one. */
static bool is_colon(const char *text)
{
    while (*text == ' ' || g_str_has_prefix(text, "\xc2\xa0"))
        text += *text == ' ' ? 1 : 2;
    return *text == ':' || g_str_has_prefix(text, "\xef\xbc\x9a");
}

static bool has_label(const char *folded, const char *const *labels, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        const char *rest = after_prefix(folded, labels[i]);
        if (rest && is_colon(rest))
            return true;
    }
    return false;
}

static char *fold(const char *subject)
{
    char *folded = g_utf8_casefold(subject, -1);
    return g_strchug(folded);
}

bool subject_says_failure(const char *subject)
{
    g_autofree char *folded = fold(subject);
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
        if (strstr(folded, failures[i]))
            return true;
    return false;
}

bool subject_is_answer(const char *subject)
{
    g_autofree char *folded = fold(subject);
    return has_label(folded, answers, G_N_ELEMENTS(answers));
}

bool subject_says_read(const char *subject)
{
    g_autofree char *folded = fold(subject);
    return has_label(folded, receipts, G_N_ELEMENTS(receipts));
}

SubjectSays subject_says_vacation(const char *subject)
{
    g_autofree char *folded = fold(subject);
    if (has_label(folded, formulas, G_N_ELEMENTS(formulas)))
        return SUBJECT_FORMULA;
    for (gsize i = 0; i < G_N_ELEMENTS(formulas); i++)
        if (strcmp(folded, formulas[i]) == 0)
            return SUBJECT_MAYBE;
    for (gsize i = 0; i < G_N_ELEMENTS(absences); i++)
        if (after_prefix(folded, absences[i]) != NULL)
            return SUBJECT_MAYBE;
    return SUBJECT_NO;
}
