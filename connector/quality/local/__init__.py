"""The scorer that needs no network: phrase rules over lemmas, and a small classifier whose weights ship."""
