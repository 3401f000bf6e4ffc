package dev.parley.h323.wire;

/// The values of ReleaseCompleteReason (H.225.0) for people.
public final class ReleaseReason {
    private ReleaseReason() {}

    /// @param name as the module writes it; anything else is its own words
    public static String words(String name) {
        return switch (name) {
            case "noBandwidth" -> "the gatekeeper takes away the bandwidth, or refuses it";
            case "gatekeeperResources" -> "the gatekeeper has no resources left";
            case "unreachableDestination" -> "no way leads to the destination";
            case "destinationRejection" -> "the destination rejects the call";
            case "invalidRevision" -> "the versions of H.323 do not fit together";
            case "noPermission" -> "the gatekeeper of the other side does not permit it";
            case "unreachableGatekeeper" -> "the gatekeeper cannot be reached";
            case "gatewayResources" -> "the other side has no room for the call";
            case "badFormatAddress" -> "the address has a wrong form";
            case "adaptiveBusy" -> "the network on the way is too full";
            case "inConf" -> "the called user is in another call";
            case "undefinedReason" -> "no reason is defined for it";
            case "facilityCallDeflection" -> "the call was deflected to somebody else";
            case "securityDenied" -> "the security that one side demands is not met";
            case "calledPartyNotRegistered" -> "the called user is not registered at the gatekeeper";
            case "callerNotRegistered" -> "the caller is not registered at the gatekeeper";
            case "newConnectionNeeded" -> "the call needs a connection of its own";
            case "nonStandardReason" -> "a reason of the vendor's own";
            case "replaceWithConferenceInvite" -> "an invitation to a conference takes the place of the call";
            case "genericDataReason" -> "the reason stands in the generic data";
            case "neededFeatureNotSupported" -> "a feature that one side needs is not there";
            case "tunnelledSignallingRejected" -> "the tunnelled signalling was rejected";
            case "invalidCID" -> "the conference identifier is invalid";
            case "securityError" -> "a check of security has failed";
            case "hopCountExceeded" -> "the call came through too many stations";
            default -> name;
        };
    }
}
