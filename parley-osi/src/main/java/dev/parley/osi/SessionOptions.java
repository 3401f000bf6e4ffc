package dev.parley.osi;

import java.nio.ByteBuffer;
import java.util.Set;

/// The choices that X.225 leaves to an implementation or to its user's quality of service; the same for every connection that is made with them.
///
/// @param versions the protocol versions that are offered and accepted, as in PI 22: 1, 2 or 3 (both)
/// @param tsduFromInitiator the largest TSDU from the calling to the called side, 1 to 65 535 octets; 0 is unlimited, without segmentation (8.3.1.8)
/// @param tsduFromResponder the same in the other direction
/// @param extendedConcatenation tells the peer that several category 2 SPDUs may come in one TSDU (Protocol Options)
/// @param concatenate puts SPDUs that belong together in one TSDU when they are flushed at once (6.3.7)
/// @param reportErrors uses the exception procedure of A.4.1.2 b) where its conditions hold; false always aborts, which cannot deadlock
/// @param reuse keeps the transport connection when the machine itself refuses a CONNECT (p02)
/// @param serialDigits the Upper Limit Serial Number: 1 to 6 decimal digits, 0 for unlimited (then we stop at 18 digits)
/// @param ssdu octets of the largest SSDU that is put together from segments or from connect data overflow; a longer one is an abort
/// @param selectors the called session selectors that are served; empty serves every one (Reason Code 129 otherwise)
public record SessionOptions(
        int versions,
        int tsduFromInitiator,
        int tsduFromResponder,
        boolean extendedConcatenation,
        boolean concatenate,
        boolean reportErrors,
        boolean reuse,
        int serialDigits,
        int ssdu,
        Set<ByteBuffer> selectors) {
    public static final SessionOptions DEFAULT =
            new SessionOptions(3, 0, 0, true, false, false, false, 6, 4 << 20, Set.of());

    public SessionOptions {
        if (versions < 1 || versions > 3) {
            throw new IllegalArgumentException("the protocol versions are 1, 2 or 3 (both), not " + versions);
        }
        if (tsduFromInitiator < 0 || tsduFromInitiator > 0xFFFF || tsduFromResponder < 0 || tsduFromResponder > 0xFFFF) {
            throw new IllegalArgumentException("a TSDU maximum size is 0 (unlimited) to 65535 octets");
        }
        if (serialDigits < 0 || serialDigits > 6) {
            throw new IllegalArgumentException("serial numbers have 1 to 6 digits, 0 for unlimited, not " + serialDigits);
        }
        selectors = Set.copyOf(selectors);
    }

    public SessionOptions withVersions(int mask) {
        return new SessionOptions(
                mask, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, reportErrors, reuse, serialDigits, ssdu,
                selectors);
    }

    public SessionOptions withTsduSizes(int fromInitiator, int fromResponder) {
        return new SessionOptions(
                versions, fromInitiator, fromResponder, extendedConcatenation, concatenate, reportErrors, reuse, serialDigits, ssdu, selectors);
    }

    public SessionOptions withConcatenation(boolean receive, boolean send) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, receive, send, reportErrors, reuse, serialDigits, ssdu, selectors);
    }

    public SessionOptions withReportErrors(boolean report) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, report, reuse, serialDigits, ssdu, selectors);
    }

    public SessionOptions withReuse(boolean keep) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, reportErrors, keep, serialDigits, ssdu,
                selectors);
    }

    public SessionOptions withSerialDigits(int digits) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, reportErrors, reuse, digits, ssdu, selectors);
    }

    public SessionOptions withSsdu(int octets) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, reportErrors, reuse, serialDigits, octets,
                selectors);
    }

    public SessionOptions withSelectors(Set<ByteBuffer> served) {
        return new SessionOptions(
                versions, tsduFromInitiator, tsduFromResponder, extendedConcatenation, concatenate, reportErrors, reuse, serialDigits, ssdu,
                served);
    }
}
