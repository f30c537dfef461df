import VitalsCore
import VitalsEngine

extension HTTPProbe {
    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        ProbeForm(
            kind: .http, schemes: ["http", "https"], fields: fields,
            observes: [.always, .status, .headers, .body, .address, .certificate],
            facts: DeclaredFacts.http
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            HTTPProbe(try HTTPPlan(settings, userAgent: userAgent), loops: loops)
        }
    }

    private static var fields: [Field] {
        request + credentials + way + answer
    }

    private static let request = [
        Field("url", .target, isRequired: true, "the http or https URL to ask for"),
        Field("method", .choice(methods), usual: "GET", "what is asked"),
        HTTPWayFields.headers,
        Field("body", .lines(upTo: 65_536), "what is sent with the request, as it is"),
    ]

    private static let credentials = [
        HTTPWayFields.basic, HTTPWayFields.bearer,
        Field(
            "oauth2",
            .object([
                Field("token_url", .url, isRequired: true, "where the token is fetched"),
                Field("client_id", .text(upTo: 1_024), isRequired: true, "who fetches it"),
                Field("client_secret", .text(upTo: 1_024), isRequired: true, isSecret: true, "its secret"),
                Field("scopes", .list(.text(upTo: 256), upTo: 50), "what the token is to be good for"),
                Field("audience", .text(upTo: 1_024), "for whom the token is to be"),
                Field(
                    "client_auth", .choice(OAuthSettings.ClientAuthentication.allCases.map(\.rawValue)),
                    usual: "basic", "whether the client's id and secret go into a header or into the body"),
            ]), "a token to log in with, fetched for the client's own credentials"),
    ]

    private static let way = [
        HTTPWayFields.tls, HTTPWayFields.proxy,
        Field(
            "http2", .choice(HTTPVersionRule.allCases.map(\.rawValue)), usual: "auto",
            "whether HTTP/2 is spoken over TLS: where it is offered, never, or else it is a fault"),
        .family,
        Field("redirects", .integer(0...20), usual: "0", "how many redirects are followed"),
        Field(
            "insecure_redirects", .flag, usual: "false", "whether a redirect from https to http is followed"),
    ]

    private static let answer = [
        Field(
            "status", .list(.text(upTo: 7), upTo: 20), usual: "200-399", "the statuses that are good"),
        Field(
            "max_body_bytes", .integer(0...16_777_216), usual: "1048576",
            "how much of the body is waited for"),
        Field(
            "decompress", .flag, usual: "false", "whether gzip and deflate are asked for, and undone"),
    ]
}
