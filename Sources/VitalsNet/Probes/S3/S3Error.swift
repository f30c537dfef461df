import VitalsCore

/// What an object store says is wrong: an `Error` in XML (docs.aws.amazon.com, "Error responses").
struct S3Error: Sendable, Equatable {
    let code: String
    let message: String
    /// Where the bucket is, of those that say so.
    let region: String?
    /// Where else the bucket is to be asked for.
    let endpoint: String?
    /// What time it is there.
    let serverTime: String?

    /// Nothing where it is no such error.
    init?(_ outline: XMLOutline) {
        guard outline.root == "Error", let code = outline["Code"], !code.isEmpty else { return nil }
        self.code = code
        message = outline["Message"] ?? ""
        region = outline["Region"]
        endpoint = outline["Endpoint"]
        serverTime = outline["ServerTime"]
    }

    /// By its code; nothing for one that is not known, which its status judges.
    ///
    /// - Parameter isWriting: whether something was to be written.
    func cause(isWriting: Bool) -> Cause? {
        switch code {
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken",
            "TokenRefreshRequired", "InvalidSecurity", "CredentialsNotSupported", "MissingSecurityHeader",
            "UnauthorizedAccess":
            .authFailed
        case "AccessDenied", "Forbidden": .privilege
        case "AllAccessDisabled", "AccountProblem", "NotSignedUp", "InvalidPayer": .accountState
        case "NoSuchBucket": .dbMissing
        // Ours: nobody else is more than a quarter of an hour off.
        case "RequestTimeTooSkewed", "RequestExpired": .internal
        case "AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "PermanentRedirect",
            "TemporaryRedirect", "Redirect", "InvalidBucketName", "InvalidRequest", "InvalidArgument",
            "IllegalLocationConstraintException", "InvalidRegion", "XAmzContentSHA256Mismatch":
            .badConfiguration
        case "SlowDown", "SlowDownRead", "SlowDownWrite", "RequestLimitExceeded", "TooManyRequests",
            "Throttling", "ThrottlingException", "RequestThrottled", "BandwidthLimitExceeded":
            .rateLimited
        case "XMinioServerNotInitialized": .startingUp
        case "ServiceUnavailable", "InternalError", "OperationTimedOut", "ServiceFailure",
            "XMinioBackendDown":
            .backendUnavailable
        case "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage",
            "EntityTooLarge":
            isWriting ? .writeRefusedResource : nil
        case "OperationAborted": isWriting ? .lockTimeout : nil
        case "InvalidBucketState", "ReadOnly", "BucketReadOnly": isWriting ? .readOnly : nil
        default: nil
        }
    }
}
