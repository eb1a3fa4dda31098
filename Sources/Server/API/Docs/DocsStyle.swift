import AdministrationAPI

/// How the page looks: quiet, in light and dark, on paper and on a phone.
enum DocsStyle {
    static let sheet: StaticString = """
        :root{color-scheme:light dark;--text:#1d2327;--soft:#5d6870;--page:#fff;--panel:#f5f7f8;--line:#dde3e6;\
        --link:#0b5cad;--get:#1f6f43;--post:#0b5cad;--patch:#8a5a00;--delete:#b3261e}
        @media(prefers-color-scheme:dark){:root{--text:#e3e7ea;--soft:#9aa6ae;--page:#14181b;--panel:#1d2327;\
        --line:#323b41;--link:#7cb8f5;--get:#7fcfa2;--post:#7cb8f5;--patch:#e2b35c;--delete:#f2938c}}
        *{box-sizing:border-box}
        html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",\
        Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        a{color:var(--link);text-decoration:none}
        a:hover{text-decoration:underline}
        a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
        .skip{position:absolute;left:-100rem}
        .skip:focus{left:1rem;top:.6rem;z-index:2;background:var(--page);padding:.2rem .6rem}
        header{position:sticky;top:0;z-index:1;display:flex;gap:1rem;align-items:baseline;padding:.8rem 1.5rem;\
        background:var(--page);border-bottom:1px solid var(--line)}
        header .name{font-weight:650;color:inherit}
        header .version{color:var(--soft);margin-right:auto;font-variant-numeric:tabular-nums}
        .columns{display:grid;grid-template-columns:15rem minmax(0,1fr);max-width:84rem;margin:0 auto}
        nav{position:sticky;top:3.3rem;align-self:start;max-height:calc(100vh - 3.3rem);overflow:auto;\
        padding:1.5rem 0 2rem 1.5rem;font-size:.9rem}
        nav ul{list-style:none;margin:0;padding:0}
        nav li{padding:.12rem 0}
        nav ul ul{padding:.1rem 0 .4rem 1.05rem}
        nav a{color:inherit}
        nav ul ul a{color:var(--soft);overflow-wrap:anywhere}
        nav summary{cursor:pointer;margin-left:-.72rem}
        nav summary::marker{color:var(--soft);font-size:.75em}
        main{padding:1.5rem 2rem 6rem;min-width:0}
        h1{font-size:1.9rem;line-height:1.2;margin:.3rem 0 1rem}
        h2{font-size:1.4rem;line-height:1.25;margin:3rem 0 1rem}
        section>h2:first-child{margin-top:4rem;padding-top:1.5rem;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:0 0 .5rem;display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:baseline}
        h3 code{font-weight:600;overflow-wrap:anywhere}
        h4{font-size:.82rem;font-weight:600;color:var(--soft);margin:1.3rem 0 .4rem}
        p{margin:.5rem 0;max-width:46rem}
        article{padding:1.4rem 0;border-top:1px solid var(--line)}
        h2+article{border-top:0;padding-top:.4rem}
        article:target h3{background:var(--panel);box-shadow:0 0 0 .4rem var(--panel);border-radius:2px}
        code,pre{font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto;\
        font-size:.82rem}
        pre code{font-size:1em}
        .method{font:650 .78rem ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;min-width:3.6rem}
        .get{color:var(--get)}.post,.put{color:var(--post)}.patch{color:var(--patch)}.delete{color:var(--delete)}
        .anchor{margin-left:auto;font-weight:400;font-size:.82rem;color:var(--soft)}
        .access,.example{color:var(--soft)}
        .status{font-weight:600;font-variant-numeric:tabular-nums}
        .problems{font-size:.82rem;color:var(--soft);max-width:none}
        .problems a{white-space:nowrap;margin-left:.45rem}
        .wide{overflow-x:auto;margin:.6rem 0}
        table{border-collapse:collapse;width:100%;font-size:.875rem}
        th{text-align:left;font-weight:600;font-size:.78rem;color:var(--soft)}
        th,td{padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        td:nth-child(1){width:28%}td:nth-child(2){width:30%;overflow-wrap:anywhere}
        .required{display:block;font-weight:400;font-size:.75rem;color:var(--soft)}
        @media(max-width:52rem){.columns{display:block}\
        nav{position:static;max-height:none;padding:1rem 1.9rem;border-bottom:1px solid var(--line)}\
        nav>ul{columns:2}nav li{break-inside:avoid}\
        main{padding:1rem 1rem 4rem}header{padding:.7rem 1rem}.anchor{margin-left:0}}
        @media(max-width:40rem){thead{position:absolute;left:-100rem}tr{display:block;padding:.4rem 0;\
        border-bottom:1px solid var(--line)}td{display:block;border:0;padding:.05rem 0}\
        td:nth-child(n){width:auto}td:nth-child(2){color:var(--soft)}.required{display:inline;margin-left:.6rem}}
        @media print{nav,.skip{display:none}.columns{display:block}header{position:static}article{break-inside:avoid}}
        """
}
