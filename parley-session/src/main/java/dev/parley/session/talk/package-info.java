/// Durable two-way conversations between two applications: start with {@link dev.parley.session.talk.Conversations}, then read
/// {@link dev.parley.session.talk.Conversation}. Inside, {@link dev.parley.session.talk.Dialogue} holds the state of one conversation for
/// as long as an application holds it, and a {@link dev.parley.session.talk.Line} carries it over one connection.
@NullMarked
package dev.parley.session.talk;

import org.jspecify.annotations.NullMarked;
