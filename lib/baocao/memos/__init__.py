"""The memos: what each kind of report says, in pieces that its notebook shows one after the other."""
