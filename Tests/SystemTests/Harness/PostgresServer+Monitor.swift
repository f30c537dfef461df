import Foundation
import VitalsTesting

extension PostgresServer {
    /// A password with everything that has to be percent-encoded in a URL.
    static let monitorPassword = "s3cr3t-p@ss/w?rd#%"

    /// The superuser enters by the socket; everybody else needs a password.
    static let passwords = """
        local all all trust
        host all all 127.0.0.1/32 scram-sha-256
        """

    /// Makes the role that watches.
    func addMonitor() async throws {
        try await sql("CREATE ROLE monitor LOGIN PASSWORD '\(Self.monitorPassword)'")
    }

    /// A target for `vitals.yaml` and the command line.
    func monitorURL(password: String = PostgresServer.monitorPassword) -> String {
        let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "postgres://monitor:\(encoded)@127.0.0.1:\(port)/postgres"
    }
}
