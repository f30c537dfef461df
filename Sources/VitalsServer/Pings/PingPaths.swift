/// The paths of those who ping. They need no token but the one that is in them or goes with them.
enum PingPaths {
    static func isPing(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        switch parts.first {
        case "ping": return parts.count > 1
        case "api" where parts.count == 3: return parts[1] == "push"
        case "api" where parts.count == 5:
            return parts[1] == "v1" && parts[2] == "endpoints" && parts[4] == "external"
        default: return false
        }
    }
}
