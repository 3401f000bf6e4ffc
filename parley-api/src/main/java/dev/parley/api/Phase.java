package dev.parley.api;

/// The three phases of every session, and what follows.
public enum Phase {
    SETTING_UP,
    OPEN,
    TEARING_DOWN,
    ENDED
}
