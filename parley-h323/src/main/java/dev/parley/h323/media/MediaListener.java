package dev.parley.h323.media;

/// What an RTP session tells of itself. Called on its loop; must not wait.
public interface MediaListener {
    /// The source has nothing more to send.
    default void sourceEnded() {}

    /// The other side pressed a key, told by RFC 4733.
    default void keyPressed(char key) {}

    /// A picture was lost or came with holes: a reason to ask for a fresh one.
    default void pictureDamaged() {}

    /// Keys cannot be pressed now, or are none.
    default void keysRefused(String words) {}

    /// The application's source or sink failed; that direction has stopped.
    default void failed(Exception cause) {}
}
