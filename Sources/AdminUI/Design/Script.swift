/// What makes the pages smoother where scripts run; without it everything works by links and forms.
enum Script {
    static let text: StaticString = #"""
        const relative = new Intl.RelativeTimeFormat(undefined, {numeric: "auto"});
        const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"});
        const steps = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [Infinity, "year"]];

        // Times come in UTC; here they are told in the reader's zone, with UTC on hover.
        function tellTimes(root) {
            for (const element of root.querySelectorAll("time[datetime]")) {
                const date = new Date(element.dateTime);
                if (isNaN(date)) continue;
                const zulu = element.dateTime.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
                if (element.dataset.style === "exact") {
                    element.textContent = exact.format(date);
                    element.title = zulu;
                    continue;
                }
                let amount = (date - Date.now()) / 1000;
                for (const [size, unit] of steps) {
                    if (Math.abs(amount) < size || size === Infinity) {
                        element.textContent = relative.format(Math.round(amount), unit);
                        break;
                    }
                    amount /= size;
                }
                element.title = exact.format(date) + " · " + zulu;
            }
        }

        function offerCopying(root) {
            for (const element of root.querySelectorAll(".secret, .listing")) {
                if (element.querySelector("[data-copy]") || !navigator.clipboard) continue;
                const text = element.textContent;
                const button = document.createElement("button");
                button.type = "button";
                button.className = "small";
                button.dataset.copy = "";
                button.textContent = "Copy";
                button.addEventListener("click", async () => {
                    await navigator.clipboard.writeText(text.trim());
                    button.textContent = "Copied";
                    setTimeout(() => { button.textContent = "Copy"; }, 1500);
                });
                element.prepend(button);
            }
        }

        // What cannot be undone is asked for once more.
        document.addEventListener("submit", (event) => {
            const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
            if (!question || event.target.dataset.confirmed) return;
            event.preventDefault();
            const dialog = document.createElement("dialog");
            const text = document.createElement("p");
            text.textContent = question;
            const buttons = document.createElement("div");
            buttons.className = "buttons";
            const yes = document.createElement("button");
            yes.className = "danger";
            yes.textContent = event.submitter?.textContent ?? "Go on";
            const no = document.createElement("button");
            no.textContent = "Cancel";
            no.autofocus = true;
            buttons.append(yes, no);
            dialog.append(text, buttons);
            document.body.append(dialog);
            no.addEventListener("click", () => dialog.close());
            dialog.addEventListener("close", () => dialog.remove());
            yes.addEventListener("click", () => {
                dialog.close();
                event.target.dataset.confirmed = "yes";
                event.target.requestSubmit(event.submitter ?? undefined);
            });
            dialog.showModal();
        });

        // A filter that is chosen is applied.
        document.addEventListener("change", (event) => {
            const element = event.target;
            if (element.matches(".filters select")) element.form.requestSubmit();
            if (element.matches("[data-all]")) {
                for (const box of element.closest("form").querySelectorAll("tbody input[type=checkbox]")) {
                    box.checked = element.checked;
                }
            }
        });

        // The queue: j and k or the arrows move, Enter opens, a approves, r rejects, x ticks.
        const beside = document.querySelector(".beside");
        let opening;
        function rows() { return [...document.querySelectorAll("tbody tr[data-href]")]; }
        function current() { return document.querySelector("tr[aria-selected=true]"); }

        async function open(row) {
            for (const other of rows()) other.removeAttribute("aria-selected");
            row.setAttribute("aria-selected", "true");
            row.scrollIntoView({block: "nearest"});
            const detail = beside?.querySelector(".detail");
            if (!detail || !matchMedia("(min-width: 1280px)").matches) return;
            opening?.abort();
            opening = new AbortController();
            try {
                const response = await fetch(row.dataset.href, {signal: opening.signal});
                const page = new DOMParser().parseFromString(await response.text(), "text/html");
                const content = page.querySelector("[data-detail]");
                if (!content) return void location.assign(row.dataset.href);
                detail.replaceChildren(...content.childNodes);
                beside.classList.add("open");
                enliven(detail);
            } catch (error) {
                if (error.name !== "AbortError") location.assign(row.dataset.href);
            }
        }

        document.addEventListener("click", (event) => {
            const row = event.target.closest("tr[data-href]");
            if (!row || !beside || event.target.closest("input, button, label") || event.metaKey || event.ctrlKey) return;
            if (!matchMedia("(min-width: 1280px)").matches) return;
            event.preventDefault();
            open(row);
        });

        document.addEventListener("keydown", (event) => {
            if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
            const all = rows();
            const index = all.indexOf(current());
            const go = (to) => { if (all[to]) { event.preventDefault(); open(all[to]); } };
            switch (event.key) {
            case "j": case "ArrowDown": if (all.length) go(index + 1); break;
            case "k": case "ArrowUp": if (index > 0) go(index - 1); break;
            case "Enter": if (index >= 0 && event.target === document.body) location.assign(all[index].dataset.href); break;
            case "x": current()?.querySelector("input[type=checkbox]")?.click(); break;
            case "a": document.querySelector("[data-key=a]")?.click(); break;
            case "r": document.querySelector("[data-key=r]")?.focus(); event.preventDefault(); break;
            case "/": document.querySelector("input[type=search]")?.focus(); event.preventDefault(); break;
            }
        });

        function enliven(root) {
            tellTimes(root);
            offerCopying(root);
        }
        enliven(document);
        setInterval(() => tellTimes(document), 30000);
        """#
}
