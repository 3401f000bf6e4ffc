package dev.parley.h323.wire;

/// Why something is refused or ends (H.225.0), for people: ReleaseCompleteReason, FacilityReason, and those of RAS (GatekeeperRejectReason,
/// RegistrationRejectReason, UnregRequestReason, UnregRejectReason, AdmissionRejectReason, BandRejectReason, LocationRejectReason,
/// DisengageReason, DisengageRejectReason, InfoRequestNakReason). The same name means the same in all of them.
public final class Reason {
    private Reason() {}

    /// @param reason a name as the module writes it, also with `: ` and more after it; anything else is its own words
    public static String words(String reason) {
        int colon = reason.indexOf(": ");
        return colon < 0 ? one(reason) : one(reason.substring(0, colon)) + reason.substring(colon);
    }

    /// What a program goes by: the name alone, without what may stand after `: `.
    public static String name(String reason) {
        int colon = reason.indexOf(": ");
        return colon < 0 ? reason : reason.substring(0, colon);
    }

    private static String one(String name) {
        return switch (name) {
            // ReleaseCompleteReason
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
            // FacilityReason
            case "routeCallToGatekeeper" -> "the call shall go to the gatekeeper";
            case "callForwarded" -> "the call is forwarded";
            case "routeCallToMC" -> "the call shall go to the controller of the conference";
            case "conferenceListChoice" -> "there are several conferences to choose from";
            case "startH245" -> "H.245 shall begin";
            case "noH245" -> "there is no H.245";
            case "newTokens" -> "there are new tokens";
            case "featureSetUpdate" -> "the features of one side have changed";
            case "forwardedElements" -> "elements of another message are passed on";
            case "transportedInformation" -> "something is carried for the two ends";
            default -> ras(name);
        };
    }

    private static String ras(String name) {
        return switch (name) {
            case "resourceUnavailable" -> "the gatekeeper has no room left";
            case "terminalExcluded" -> "this gatekeeper is not for this endpoint";
            case "securityDenial" -> "the proof of who asks is missing or wrong";
            case "securityDHmismatch" -> "the keys of Diffie-Hellman do not fit together";
            case "discoveryRequired" -> "the gatekeeper must be discovered first";
            case "invalidCallSignalAddress" -> "the address for calls is invalid";
            case "invalidRASAddress" -> "the address for RAS is invalid";
            case "duplicateAlias" -> "somebody else is registered under the name";
            case "invalidTerminalType" -> "the gatekeeper takes no endpoints of this type";
            case "transportNotSupported" -> "the gatekeeper does not know the transport";
            case "transportQOSNotSupported" -> "the quality of service of the transport is not there";
            case "invalidAlias" -> "the name is not one that the gatekeeper takes";
            case "fullRegistrationRequired" -> "the gatekeeper does not know the registration that was to be kept";
            case "additiveRegistrationNotSupported" -> "nothing can be added to a registration";
            case "invalidTerminalAliases" -> "some of the names, patterns or prefixes are invalid";
            case "registerWithAssignedGK" -> "the endpoint belongs to another gatekeeper";
            case "reregistrationRequired" -> "the endpoint shall register anew";
            case "ttlExpired" -> "the time of the registration is over";
            case "maintenance" -> "the gatekeeper goes out of service";
            case "notCurrentlyRegistered" -> "the endpoint is not registered";
            case "callInProgress" -> "a call is still on";
            case "permissionDenied" -> "who asks may not end the registration";
            case "invalidPermission" -> "who asks has not the permission for it";
            case "requestDenied" -> "the gatekeeper denies it (of a call: it has no bandwidth left)";
            case "invalidEndpointIdentifier" -> "the gatekeeper does not know the endpoint";
            case "qosControlNotSupported" -> "the gatekeeper does not control the quality of service";
            case "incompleteAddress" -> "digits of the number are missing";
            case "aliasesInconsistent" -> "the names belong to different endpoints";
            case "routeCallToSCN", "routeCalltoSCN" -> "the call shall go to the telephone network";
            case "exceedsCallCapacity" -> "the destination has no room for another call";
            case "collectDestination" -> "the caller shall be asked for the destination";
            case "collectPIN" -> "the caller shall be asked for a PIN";
            case "noRouteToDestination" -> "there is no route to the destination";
            case "unallocatedNumber" -> "nobody has the number";
            case "notBound" -> "the gatekeeper's permission has ended";
            case "invalidConferenceID" -> "the gatekeeper does not know the call";
            case "insufficientResources" -> "there is not so much bandwidth left";
            case "notRegistered" -> "there is no such registration";
            case "requestToDropOther" -> "who asks may not end the call of others";
            case "forcedDrop" -> "the gatekeeper wants the call to end";
            case "normalDrop" -> "the call is over";
            // These are ours.
            case "noAnswer" -> "no answer came";
            case "noCommonFormat" -> "no common format";
            case "notInCall" -> "one end says that it is not in the call";
            case "unregistered" -> "the registration of one end is over";
            case "filmNotTaken" -> "the film is not for the other side";
            default -> name;
        };
    }
}
