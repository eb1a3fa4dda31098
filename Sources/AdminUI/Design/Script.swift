/// What makes the pages smoother where scripts run; without it everything works by links and forms.
enum Script {
    static let text: StaticString = #"""
        const relative = new Intl.RelativeTimeFormat(undefined, {numeric: "auto"});
        const brief = new Intl.DateTimeFormat(undefined,
            {month: "short", day: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit"});
        const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"});
        const steps = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [Infinity, "year"]];

        // Times come in UTC; here they are told in the reader's zone, with UTC on hover.
        function tellTimes(root) {
            for (const element of root.querySelectorAll("time[datetime]")) {
                const date = new Date(element.dateTime);
                if (isNaN(date)) continue;
                const zulu = element.dateTime.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
                if (element.dataset.told === "exact") {
                    const isThisYear = date.getFullYear() === new Date().getFullYear();
                    element.textContent = (isThisYear ? brief : exact).format(date);
                    element.title = exact.format(date) + " · " + zulu;
                    continue;
                }
                let amount = (date - Date.now()) / 1000, words = "";
                for (const [size, unit] of steps) {
                    if (Math.abs(amount) < size || size === Infinity) {
                        words = relative.format(Math.round(amount), unit);
                        break;
                    }
                    amount /= size;
                }
                // Where there is room both are told: "next year" does not say when.
                element.textContent = element.closest("dl.facts") ? `${exact.format(date)} (${words})` : words;
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

        // A file is read here and put into the field, so that the form carries nothing but text.
        function offerFiles(root) {
            for (const field of root.querySelectorAll("textarea[data-file]")) {
                const chooser = document.createElement("input");
                chooser.type = "file";
                chooser.setAttribute("aria-label", field.dataset.file + ": choose a file");
                chooser.addEventListener("change", async () => {
                    const file = chooser.files[0];
                    const isLarge = file?.size > 500000;
                    chooser.setCustomValidity(isLarge ? "The file is larger than 500 kB: choose another one." : "");
                    chooser.reportValidity();
                    if (!file || isLarge) return;
                    const bytes = new Uint8Array(await file.arrayBuffer());
                    const text = new TextDecoder().decode(bytes);
                    field.value = text.includes("-----BEGIN") ? text
                        : btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
                });
                field.removeAttribute("data-file");
                field.after(chooser);
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
            case "r": document.querySelector("form.decision [name=reason]")?.focus(); event.preventDefault(); break;
            case "/": document.querySelector("input[type=search]")?.focus(); event.preventDefault(); break;
            }
        });

        // A list is kept up to date while somebody uses the page; what has changed since it was opened is marked. When nobody
        // has touched it for a while the asking ends, so that a page left open keeps no session alive.
        const live = document.querySelector("[data-live]");
        const seen = new Map();
        let touched = Date.now();
        for (const name of ["pointermove", "keydown", "scroll"]) {
            document.addEventListener(name, () => { touched = Date.now(); }, {passive: true});
        }

        async function refresh() {
            if (document.hidden || Date.now() - touched > 600000) return;
            const response = await fetch(location.href).catch(() => undefined);
            if (!response?.ok || response.redirected) return;
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            const [body, fresh] = [live, page].map((root) => root.querySelector("[data-live] tbody, tbody"));
            for (const selector of [".side nav", ".figures"]) {
                const [old, other] = [document, page].map((root) => root.querySelector(selector));
                if (old && other && old.innerHTML !== other.innerHTML) old.replaceChildren(...other.childNodes);
            }
            if (!fresh) return;
            if (!body) return void location.reload();
            const shown = new Map([...body.rows].map((row) => [row.dataset.key, row]));
            body.replaceChildren(...[...fresh.rows].map((row) => {
                const key = row.dataset.key, markup = row.innerHTML, old = shown.get(key);
                if (old && seen.get(key) === markup) return old;
                seen.set(key, markup);
                row.classList.add("new");
                row.title = "new since this page was opened";
                if (old?.hasAttribute("aria-selected")) row.setAttribute("aria-selected", "true");
                tellTimes(row);
                return row;
            }));
        }

        if (live) {
            for (const row of live.querySelectorAll("tr[data-key]")) seen.set(row.dataset.key, row.innerHTML);
            setInterval(refresh, 4000);
        }

        // A decision in the pane beside the queue leaves the queue where it is, and the next request opens.
        document.addEventListener("submit", async (event) => {
            const form = event.target;
            if (event.defaultPrevented || !form.matches(".beside .decision")) return;
            event.preventDefault();
            const all = rows(), index = all.indexOf(current());
            const next = all[index + 1] ?? all[index - 1];
            const body = new URLSearchParams(new FormData(form, event.submitter));
            const response = await fetch(form.action, {method: "POST", body}).catch(() => undefined);
            const page = response && new DOMParser().parseFromString(await response.text(), "text/html");
            const content = page?.querySelector("[data-detail]");
            if (!content) return void form.submit();
            const notice = content.ownerDocument.querySelector("main > .notice");
            const detail = beside.querySelector(".detail");
            detail.replaceChildren(...content.childNodes);
            enliven(detail);
            if (!response.ok) return;
            document.querySelector("main > .notice")?.remove();
            if (notice) beside.before(notice);
            await refresh();
            if (next?.isConnected) await open(next);
        });

        function enliven(root) {
            tellTimes(root);
            offerCopying(root);
            offerFiles(root);
        }
        enliven(document);
        setInterval(() => tellTimes(document), 30000);
        """#
}
