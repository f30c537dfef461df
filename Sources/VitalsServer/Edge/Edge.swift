import Hummingbird
import Logging
import VitalsCore
import VitalsEngine

/// How the server meets those who ask: by which paths, past which proxies, and what it writes down of them.
struct Edge: Sendable {
    /// Where people reach it from outside; nothing: nobody knows.
    var publicURL: String?
    /// What every path begins with; empty: nothing.
    var basePath = ""
    var proxies = TrustedProxies([])
    /// Where `/metrics` is answered to anybody, besides; nothing: nowhere.
    var metrics: ListenAddress?
    /// Nothing: it speaks plainly.
    var certificate: ServerCertificate?
    /// Nothing: no line a request.
    var accessLog: AccessLog?

    /// Of the OpenAPI document: what its paths are appended to.
    var server: String { publicURL ?? (basePath.isEmpty ? "/" : basePath) }

    /// What a browser calls a page under the public URL.
    var origin: String? {
        publicURL.map { url in
            url.lowercased().split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
                .joined(separator: "/")
        }
    }

    /// Who sent a request.
    func client(of request: Request, on context: ServerContext) -> Client {
        proxies.client(
            from: context.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) },
            ForwardingFields(
                forwarded: request.headers.all("forwarded"),
                addresses: request.headers.all("x-forwarded-for"),
                schemes: request.headers.all("x-forwarded-proto"),
                hosts: request.headers.all("x-forwarded-host")))
    }
}

extension HTTPFields {
    /// The values of a field, in their order.
    func all(_ canonicalName: String) -> [String] {
        filter { $0.name.canonicalName == canonicalName }.map(\.value)
    }
}
