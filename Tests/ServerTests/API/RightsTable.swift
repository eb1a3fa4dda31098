import AdministrationAPI

/// Who may use which route: what the routes say themselves, once more, by somebody who does not look at them.
enum RightsTable {
    /// The built-in roles, and nobody at all.
    static let callers = ["nobody", "viewer", "operator", "administrator", "auditor"]

    private static let everybody = Set(Self.callers)
    private static let members = Self.everybody.subtracting(["nobody"])
    private static let workers: Set<String> = ["operator", "administrator"]
    private static let administrators: Set<String> = ["administrator"]
    private static let overseers: Set<String> = ["administrator", "auditor"]
    private static let none: Set<String> = []

    /// Each route with those who may use it.
    static let rows: [(route: String, allowed: Set<String>)] = [
        ("POST /session", everybody),
        ("GET /openapi.json", everybody),

        ("GET /session", members),
        ("DELETE /session", members),
        ("PUT /session/password", members),
        ("POST /session/totp", members),
        ("PUT /session/totp", members),
        ("POST /session/totp/disable", members),
        ("POST /session/recovery-codes", members),
        ("GET /sessions", members),
        ("DELETE /sessions/{id}", members),
        ("GET /tokens", members),
        ("POST /tokens", members),
        ("DELETE /tokens/{id}", members),
        ("GET /permissions", members),
        ("GET /system/version", members),

        ("GET /profiles", members),
        ("GET /profiles/{name}", members),
        ("POST /profiles/{name}/explain", members),
        ("POST /profiles", administrators),
        ("PATCH /profiles/{name}", administrators),
        ("DELETE /profiles/{name}", administrators),
        ("PUT /profiles/{name}/challenge", administrators),
        ("DELETE /profiles/{name}/challenge", administrators),

        ("GET /challenges", members),
        ("GET /challenges/{id}", members),
        ("POST /challenges", workers),
        ("POST /challenges/batch", workers),
        ("POST /challenges/{id}/revoke", workers),

        ("GET /requests", members),
        ("GET /requests/count", members),
        ("GET /requests/{id}", members),
        ("GET /requests/{id}/timeline", members),
        ("GET /exchanges", members),
        ("POST /requests/{id}/approve", workers),
        ("POST /requests/{id}/reject", workers),
        ("POST /requests/decide", workers),

        ("GET /certificates", members),
        ("GET /certificates/count", members),
        ("GET /certificates/{serial}", members),
        ("GET /certificates/{serial}/download", members),
        ("POST /certificates", workers),
        ("POST /certificates/{serial}/renew", workers),
        ("POST /certificates/{serial}/revoke", workers),
        ("POST /certificates/{serial}/hold", workers),
        ("POST /certificates/{serial}/release", workers),
        ("POST /certificates/revoke", workers),

        ("GET /cas", members),
        ("GET /cas/{name}", members),
        ("GET /cas/{name}/certificate", members),
        ("POST /cas", administrators),
        ("POST /cas/import", administrators),
        ("POST /cas/{name}/sign", administrators),
        ("POST /cas/{name}/default", administrators),
        ("POST /cas/{name}/retire", administrators),
        ("POST /cas/{name}/reinstate", administrators),
        ("POST /cas/{name}/rollover", administrators),
        ("PUT /cas/{name}/rollover", administrators),

        ("GET /ca-requests", members),
        ("GET /ca-requests/{name}", members),
        ("POST /ca-requests", administrators),
        ("DELETE /ca-requests/{name}", administrators),
        ("POST /ca-requests/{name}/install", administrators),

        ("GET /crls", members),
        ("GET /crls/{name}", members),
        ("GET /crls/{name}/download", members),

        ("GET /templates", members),
        ("GET /templates/{name}", members),
        ("POST /templates", administrators),
        ("PATCH /templates/{name}", administrators),
        ("DELETE /templates/{name}", administrators),

        ("GET /settings/limits", overseers),
        ("GET /settings/publication", overseers),
        ("GET /settings/sessions", overseers),
        ("GET /settings/passwords", overseers),
        ("GET /limits/addresses", overseers),
        ("PATCH /settings/limits", administrators),
        ("PATCH /settings/publication", administrators),
        ("PATCH /settings/sessions", administrators),
        ("PATCH /settings/passwords", administrators),
        ("DELETE /limits/addresses/{address}", administrators),

        ("GET /users", overseers),
        ("GET /users/{name}", overseers),
        ("POST /users", administrators),
        ("PATCH /users/{name}", administrators),
        ("DELETE /users/{name}", administrators),
        ("POST /users/{name}/reset-password", administrators),
        ("POST /users/{name}/unlock", administrators),
        ("POST /users/{name}/disable-totp", administrators),

        ("GET /roles", overseers),
        ("GET /roles/{name}", overseers),
        ("POST /roles", administrators),
        ("PATCH /roles/{name}", administrators),
        ("DELETE /roles/{name}", administrators),

        ("GET /audit", overseers),
        ("GET /audit/{id}", overseers),
        ("GET /audit/verification", overseers),
        ("GET /audit/export", overseers),
        ("GET /settings/audit", overseers),
        ("POST /audit/prune", none),
        ("PATCH /settings/audit", none),

        ("GET /statistics", members),
        ("GET /system/health", members),
        ("POST /system/backup", administrators),
    ]
}
