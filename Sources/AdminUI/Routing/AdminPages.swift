import AdministrationAPI

/// The pages of the administrator: what is where, who may see it, and what is answered where something is wrong.
public enum AdminPages {
    /// Under which all pages are.
    public static let root = "/admin"

    /// All pages but those of whoever is not signed in.
    static let routes: [PageRoute] = [
        DashboardPage.routes, RequestPages.routes, ChallengePages.routes, DevicePages.routes, LogPages.routes,
        CertificatePages.routes, AuthorityPages.routes, TemplatePages.routes, ProfilePages.routes, SettingsPages.routes,
        UserPages.routes, RolePages.routes, TokenPages.routes, AuditPages.routes, AccountPages.routes,
        DesignPage.routes,
    ].flatMap { $0 }

    /// Answers a browser.
    ///
    /// - Parameter request: What it asks for.
    /// - Returns: A page, also where something is wrong.
    public static func answer(_ request: PageRequest) async -> PageResponse {
        if request.method == "GET", request.path.first == Assets.directory {
            return Assets.response(to: request.path) ?? Self.notFound(request)
        }
        guard !request.isForged else {
            return ErrorPage.response(
                403, "The form is no longer good",
                "It comes from another site, or from a page of a session that is over. Open the page again and send it from there.",
                for: request)
        }
        do throws(APIRefusal) {
            if let response = try await SignInPages.answer(request) { return response }
        } catch {
            return Self.refused(error, request)
        }
        guard let visitor = request.visitor else { return SignInPages.redirect(from: request) }
        guard !visitor.mustChangePassword || AccountPages.isPassword(request.path) else {
            return .go(Self.root + "/password")
        }
        let routes = Self.routes.compactMap { route in route.match(request.path).map { (route, $0) } }
        guard let (route, parameters) = routes.first(where: { $0.0.method == request.method }) else {
            return routes.isEmpty ? Self.notFound(request) : Self.wrongMethod(request)
        }
        let context = PageContext(request: request, parameters: parameters, visitor: visitor)
        if let permission = route.permission, !visitor.may(permission) { return Self.forbidden(context, permission) }
        do {
            return try await route.run(context)
        } catch let refusal as APIRefusal {
            return Self.refused(refusal, request)
        } catch {
            return ErrorPage.response(
                500, "Something went wrong", "The server has failed; its log says why.", for: request)
        }
    }

    /// What is shown where nobody can find out who looks, because the database does not answer.
    ///
    /// - Parameter theme: `light` or `dark`, where somebody has chosen.
    /// - Returns: The page.
    public static func unavailable(theme: String?) -> PageResponse {
        PageResponse(
            status: 503,
            .page(
                AlonePage.html(
                    "Not now", theme: theme,
                    [
                        .element("h1", "Not now"),
                        .element(
                            "p", "The database does not answer; the server's log says why. Try again in a moment."),
                    ])))
    }

    private static func notFound(_ request: PageRequest) -> PageResponse {
        ErrorPage.response(
            404, "There is nothing here", "The address leads nowhere, or what was there is gone.", for: request)
    }

    private static func wrongMethod(_ request: PageRequest) -> PageResponse {
        ErrorPage.response(405, "That cannot be done here", "Go back, and use the page's own buttons.", for: request)
    }

    private static func forbidden(_ context: PageContext, _ permission: String) -> PageResponse {
        ErrorPage.response(
            403, "This is not yours to see",
            "\(context.visitor.name) has the role \(context.visitor.role), which lacks the permission \(permission). "
                + "Whoever administers users can change that.", for: context.request)
    }

    /// What the API has refused, as a page of its own.
    static func refused(_ refusal: APIRefusal, _ request: PageRequest) -> PageResponse {
        switch refusal.code {
        case "sign-in-needed": return SignInPages.redirect(from: request)
        case "password-change-needed": return .go(Self.root + "/password")
        default:
            return ErrorPage.response(
                refusal.result.status, refusal.result.value["title"]?.text ?? "It was not done", refusal.detail,
                for: request)
        }
    }
}
