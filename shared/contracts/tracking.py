"""Parameters that say how a reader came to a page and never which page it is.

Each is documented by the one who adds it (analytics, advertising or mail tools, a publisher's own campaigns).
A name that any site uses to choose content (``id``, ``p``, ``ref``, ``source``) has no place here: leaving one
too many splits an article in two, which the store sees as a duplicate; removing one too many joins two articles.
A change here changes identities: raise ``CANONICAL_VERSION``.
"""

from __future__ import annotations

from typing import Final

PREFIXES: Final = ("utm_", "mtm_", "hsa_")  # Urchin and Google Analytics, Matomo, HubSpot ads

NAMES: Final = frozenset(
    (
        *("fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "mibextid"),  # Facebook
        *("gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "_ga", "_gl"),  # Google
        *("msclkid", "yclid", "ysclid", "_openstat"),  # Microsoft, Yandex, Openstat
        *("twclid", "ttclid", "igshid", "igsh", "li_fat_id", "epik", "scid_click"),  # social networks
        *("mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id"),  # mail campaigns
        *("_hsenc", "_hsmi", "hsctatracking", "__hstc", "__hssc", "__hsfp"),  # HubSpot
        *("pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid"),  # Piwik
        *("at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4"),  # Piano
        *("ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee"),  # comScore
        *("guccounter", "guce_referrer", "guce_referrer_sig"),  # Yahoo's consent pages
        *(
            "cmpid",
            "xtor",
            "smid",
            "ito",
            "icid",
            "ncid",
            "wt.mc_id",
            "wt.mc",
            "wt_mc",
        ),  # publishers' campaigns
        *("__twitter_impression", "rb_clickid", "wickedid"),
    )
)


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name (percent-encoding normalised, any case) only tracks."""
    name = name.lower()
    return name in NAMES or name.startswith(PREFIXES)
