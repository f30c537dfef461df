import VitalsEngine

/// Fields of kinds that go their way as HTTP does: whoever asks, by which TLS, through which proxy.
enum HTTPWayFields {
    static let headers = Field("headers", .pairs(upTo: 50), "headers to send, by their names")

    static let basic = Field(
        "basic",
        .object([
            Field("username", .text(upTo: 1_024), isRequired: true, "who asks, without a colon"),
            Field("password", .text(upTo: 1_024), isRequired: true, isSecret: true, "the password"),
        ]), "a user and a password to log in with")

    static let bearer = Field("bearer", .text(upTo: 16_384), isSecret: true, "a token to log in with")

    static let tls = Field(
        "tls",
        .object([
            Field(
                "verify", .choice(["full", "ca", "none"]), usual: "full",
                "whether the certificate must be trusted and for this host, only trusted, or neither"),
            Field("ca", .lines(upTo: 65_536), "authorities to trust, as a PEM file or its text"),
            Field("certificate", .lines(upTo: 65_536), "our certificate, as a PEM file or its text"),
            Field(
                "key", .lines(upTo: 65_536), isSecret: true,
                "the key of our certificate, as a PEM file or its text"),
            Field("server_name", .text(upTo: 253), "the name to ask for and to verify"),
        ]), "what holds for a URL with TLS")

    static let proxy = Field("proxy", .text(upTo: 2_048), isSecret: true, "the http:// proxy to go through")
}
