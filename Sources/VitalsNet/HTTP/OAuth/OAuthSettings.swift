import FoundationEssentials
import NIOCore
import VitalsCore
import VitalsEngine

/// Where a token is to be had for the client's own credentials (RFC 6749, 4.4). Equal settings share a token.
struct OAuthSettings: Sendable, Hashable {
    /// How the client says who it is (RFC 6749, 2.3.1).
    enum ClientAuthentication: String, Sendable, CaseIterable {
        case basic, body
    }

    let tokenURL: HTTPURL
    let clientID: String
    let clientSecret: Secret
    let scopes: [String]
    let audience: String?
    let authentication: ClientAuthentication
    let tls: TLSSettings
    let proxy: HTTPProxy?

    private static let bodyLimit = 65_536

    /// What nobody is to see.
    var secrets: [Secret] { tokenURL.secrets + basic.secrets + [clientSecret] + (proxy?.secrets ?? []) }

    /// Asks for a token.
    func route(userAgent: String) -> HTTPRoute {
        var form = [("grant_type", "client_credentials")]
        if !scopes.isEmpty { form.append(("scope", scopes.joined(separator: " "))) }
        if let audience { form.append(("audience", audience)) }
        var headers = [
            HTTPHeader("Accept", "application/json"),
            HTTPHeader("Content-Type", "application/x-www-form-urlencoded"),
        ]
        switch authentication {
        case .basic: headers.append(HTTPHeader("Authorization", basic.authorization))
        case .body: form += [("client_id", clientID), ("client_secret", clientSecret.revealed)]
        }
        let body = form.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        return HTTPRoute(
            method: "POST", url: tokenURL, headers: headers, body: body, userAgent: userAgent, tls: tls,
            proxy: proxy, version: .auto, demand: .whole(bodyLimit: Self.bodyLimit), secrets: secrets)
    }

    private var basic: BasicCredentials {
        BasicCredentials(
            user: PercentEncoding.encode(clientID),
            password: Secret(PercentEncoding.encode(clientSecret.revealed)))
    }
}

/// What an endpoint for tokens answers.
enum OAuthAnswer: Equatable {
    case token(Secret, lifetime: Duration)
    case fault(Fault)

    private struct Reply: Decodable {
        let access_token: String?
        let token_type: String?
        let expires_in: Lifetime?
        let error: String?
    }

    /// Some write the number as a text.
    private struct Lifetime: Decodable {
        let seconds: Double?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            seconds = try (try? value.decode(Double.self)) ?? Double(value.decode(String.self))
        }
    }

    /// What is not said to end is asked for anew after this.
    private static let usualLifetime = 300.0
    private static let maximumLifetime = 86_400.0
    private static let maximumToken = 16_384

    /// - Parameter response: with its body.
    init(_ response: HTTPResponse) {
        let status = response.head.status
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body.readableBytesView))
        switch status {
        case 200..<300:
            self =
                Self.token(in: reply)
                ?? .fault(
                    Fault(
                        .unexpectedReply, in: .authenticate, message: "the answer holds no token to be used"))
        case 400..<500 where status != 404 && status != 408 && status != 429:
            let reason = reply?.error.map { ": \($0)" } ?? ""
            self = .fault(
                Fault(
                    .authFailed, in: .authenticate, code: "\(status)", message: "answered \(status)\(reason)")
            )
        default:
            self = .fault(
                Fault(.httpStatus, in: .authenticate, code: "\(status)", message: "answered \(status)"))
        }
    }

    private static func token(in reply: Reply?) -> OAuthAnswer? {
        guard let reply, let token = reply.access_token, (1...maximumToken).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            (reply.token_type ?? "bearer").lowercased() == "bearer"
        else { return nil }
        let seconds = reply.expires_in?.seconds ?? usualLifetime
        let bounded = seconds.isFinite ? min(max(seconds, 0), maximumLifetime) : usualLifetime
        return .token(Secret(token), lifetime: .milliseconds(Int64(bounded * 1_000)))
    }
}
