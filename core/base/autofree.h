/* g_autoptr for foreign types, so that every room frees them the same way.
 *
 * Only the declarations whose library header is already included take effect: include the
 * library first. SQLite's stay in schema/, where SQLite stays. */
#pragma once

#include <glib.h>

#ifdef GMIME_CHECK_VERSION
#define AUTOPTR_GOBJECT(Type) G_DEFINE_AUTOPTR_CLEANUP_FUNC(Type, g_object_unref)
AUTOPTR_GOBJECT(GMimeStream)
AUTOPTR_GOBJECT(GMimeParser)
AUTOPTR_GOBJECT(GMimeMessage)
AUTOPTR_GOBJECT(GMimeDataWrapper)
AUTOPTR_GOBJECT(GMimePart)
AUTOPTR_GOBJECT(GMimeTextPart)
AUTOPTR_GOBJECT(GMimeMultipart)
AUTOPTR_GOBJECT(InternetAddressList)
AUTOPTR_GOBJECT(InternetAddress)
#undef AUTOPTR_GOBJECT
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParserOptions, g_mime_parser_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFormatOptions, g_mime_format_options_free)
#endif

#ifdef PCRE2_MAJOR
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_code, pcre2_code_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_match_data, pcre2_match_data_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_match_context, pcre2_match_context_free)
#endif

#ifdef LIBCURL_VERSION
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, curl_easy_cleanup)
#endif
