/// How all pages look: the colours, sizes and spaces first, then what is made of them.
///
/// Spaces are steps of 4 px. Colours are named by what they say, and have AA contrast in light and dark.
enum Stylesheet {
    static let text: StaticString = #"""
        :root{color-scheme:light;
        --page:#f6f7f9;--panel:#fff;--raised:#fff;--line:#e2e6ea;--strong-line:#c9d0d6;
        --text:#1b2126;--soft:#58636c;--faint:#6d7880;
        --accent:#0f5ea8;--accent-soft:#e7f0f9;--on-accent:#fff;
        --good:#176a3f;--good-soft:#e4f3ea;--wait:#855300;--wait-soft:#fcf0d9;--bad:#a8231c;--bad-soft:#fbe8e6;
        --over:#5a646c;--over-soft:#eceff1;
        --shadow:0 1px 2px rgb(16 24 32/.06),0 4px 16px rgb(16 24 32/.08);
        --mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
        --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        :root[data-theme=dark]{color-scheme:dark;
        --page:#101417;--panel:#171c20;--raised:#1e2429;--line:#2a3238;--strong-line:#3c464e;
        --text:#e4e8eb;--soft:#a3aeb6;--faint:#8b969e;
        --accent:#79b7f2;--accent-soft:#17293a;--on-accent:#0c1a27;
        --good:#7fd0a2;--good-soft:#15301f;--wait:#e8b860;--wait-soft:#33270f;--bad:#f49a92;--bad-soft:#3a1a18;
        --over:#a7b1b8;--over-soft:#262d32;
        --shadow:0 1px 2px rgb(0 0 0/.4),0 6px 20px rgb(0 0 0/.4)}
        @media(prefers-color-scheme:dark){:root:not([data-theme]){color-scheme:dark;
        --page:#101417;--panel:#171c20;--raised:#1e2429;--line:#2a3238;--strong-line:#3c464e;
        --text:#e4e8eb;--soft:#a3aeb6;--faint:#8b969e;
        --accent:#79b7f2;--accent-soft:#17293a;--on-accent:#0c1a27;
        --good:#7fd0a2;--good-soft:#15301f;--wait:#e8b860;--wait-soft:#33270f;--bad:#f49a92;--bad-soft:#3a1a18;
        --over:#a7b1b8;--over-soft:#262d32;
        --shadow:0 1px 2px rgb(0 0 0/.4),0 6px 20px rgb(0 0 0/.4)}}

        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:64px}
        body{margin:0;background:var(--page);color:var(--text);font:14px/20px var(--sans)}
        h1{font-size:22px;line-height:28px;font-weight:650;margin:0;letter-spacing:-.01em}
        h2{font-size:16px;line-height:24px;font-weight:650;margin:0}
        h3{font-size:14px;line-height:20px;font-weight:650;margin:0}
        p{margin:0 0 8px;max-width:72ch}
        a{color:var(--accent);text-decoration:none}
        a:hover{text-decoration:underline}
        code,pre,kbd,.mono{font-family:var(--mono);font-size:12.5px}
        kbd{border:1px solid var(--strong-line);border-bottom-width:2px;border-radius:4px;padding:0 4px;background:var(--raised)}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .icon{fill:none;stroke:currentcolor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
        .skip{position:absolute;left:-200rem;top:8px;z-index:9;background:var(--raised);padding:8px 12px;border-radius:6px}
        .skip:focus{left:8px}
        .soft{color:var(--soft)}.mono{overflow-wrap:anywhere}time{white-space:nowrap}.number{font-variant-numeric:tabular-nums}

        /* the frame */
        .frame{display:grid;grid-template-columns:232px minmax(0,1fr);min-height:100vh}
        .side{background:var(--panel);border-right:1px solid var(--line);display:flex;flex-direction:column;position:sticky;
        top:0;height:100vh;overflow:auto}
        .brand{display:flex;align-items:center;gap:8px;padding:16px 16px 12px;font-weight:700;font-size:16px;color:inherit}
        .brand:hover{text-decoration:none}
        .brand svg{width:24px;height:24px;color:var(--accent)}
        .side h2{font-size:11px;line-height:16px;letter-spacing:.05em;text-transform:uppercase;color:var(--faint);
        font-weight:600;padding:12px 16px 4px}
        .side ul{list-style:none;margin:0;padding:0 8px}
        .side li a{display:flex;align-items:center;gap:8px;height:32px;padding:0 8px;border-radius:6px;color:var(--text)}
        .side li a:hover{background:var(--over-soft);text-decoration:none}
        .side li a[aria-current]{background:var(--accent-soft);color:var(--accent);font-weight:600}
        .side svg{width:16px;height:16px;flex:none;color:var(--soft)}
        .side a[aria-current] svg{color:inherit}
        .count{margin-left:auto;min-width:20px;padding:0 6px;border-radius:10px;background:var(--wait-soft);color:var(--wait);
        font-size:12px;font-weight:650;text-align:center;font-variant-numeric:tabular-nums}
        .who{margin-top:auto;border-top:1px solid var(--line);padding:12px 16px;display:flex;flex-direction:column;gap:8px}
        .who .row{display:flex;gap:8px;align-items:center;justify-content:space-between}
        .who strong{display:block;overflow:hidden;text-overflow:ellipsis}
        main{padding:24px 32px 64px;min-width:0;max-width:1600px;width:100%}
        .head{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin-bottom:20px}
        .head .count{margin-left:0}
        .head .actions{margin-left:auto;display:flex;gap:8px;flex-wrap:wrap}
        .head .lead{flex-basis:100%;max-width:none;color:var(--soft);margin:0}
        .head h1{overflow-wrap:anywhere;min-width:0}
        .crumbs{font-size:13px;color:var(--soft);margin-bottom:4px;flex-basis:100%}
        .menu{display:none}
        .plain{list-style:none;margin:0;padding:0}.plain li{padding:4px 0}

        /* panels, figures */
        .panel{background:var(--panel);border:1px solid var(--line);border-radius:8px;margin-bottom:16px}
        .panel>header{display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:12px 16px;border-bottom:1px solid var(--line)}
        .panel>header .actions{margin-left:auto;display:flex;gap:8px}
        .panel>.body{padding:16px}
        .panel>.body>:last-child{margin-bottom:0}
        .body>ol:not(.bars){margin:0;padding-left:20px}.body>ol:not(.bars)>li{margin-bottom:8px}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:16px;align-items:start;margin-bottom:16px}
        .columns>.panel,.columns>div>.panel:last-child{margin:0}
        dl.facts+.body,.wide+.body{border-top:1px solid var(--line)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:12px;margin:0 0 16px;padding:0;list-style:none}
        .figure{display:block;height:100%;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px 16px;color:inherit}
        a.figure:hover{border-color:var(--accent);text-decoration:none}
        .figure[aria-current]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
        .figure .value{display:block;font-size:24px;line-height:32px;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.02em}
        .figure .label{display:block;color:var(--soft)}
        .figure.wait .value{color:var(--wait)}.figure.bad .value{color:var(--bad)}.figure.good .value{color:var(--good)}

        /* badges: shape and word as well as colour */
        .badge{display:inline-flex;align-items:center;gap:4px;height:20px;padding:0 8px 0 6px;border-radius:10px;font-size:12px;
        font-weight:600;white-space:nowrap;background:var(--over-soft);color:var(--over)}
        .badge svg{width:12px;height:12px;flex:none}
        .badge.good{background:var(--good-soft);color:var(--good)}
        .badge.wait{background:var(--wait-soft);color:var(--wait)}
        .badge.bad{background:var(--bad-soft);color:var(--bad)}
        .badge.accent{background:var(--accent-soft);color:var(--accent)}

        /* tables */
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%}
        caption{text-align:left;color:var(--soft);padding:8px 16px}
        th{font-size:12px;font-weight:600;color:var(--soft);text-align:left;white-space:nowrap;background:var(--panel)}
        th,td{padding:0 12px;height:36px;border-bottom:1px solid var(--line);vertical-align:middle}
        th:first-child,td:first-child{padding-left:16px}
        tbody tr:last-child td{border-bottom:0}
        tbody tr:hover{background:var(--accent-soft)}
        tbody tr[aria-selected=true]{background:var(--accent-soft);box-shadow:inset 3px 0 0 var(--accent)}
        td{max-width:340px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        td.name{font-weight:550}td.brief{max-width:200px}td.name a{color:inherit}
        td.mono,th.mono{font-size:12.5px}
        td.whole{white-space:normal;overflow-wrap:anywhere;max-width:none;padding-top:6px;padding-bottom:6px}
        tr.new>td:first-child{box-shadow:inset 4px 0 0 var(--good)}
        td.rest{min-width:320px;width:100%}td.whole p{margin:4px 0 0}
        summary{cursor:pointer;white-space:nowrap}details .plain li{padding:0}
        th.number,td.number{text-align:right}
        td.tick,th.tick{width:32px;padding-right:0}
        .pages{display:flex;gap:8px;justify-content:space-between;align-items:center;padding:12px 16px;border-top:1px solid var(--line)}
        dl.facts{display:grid;grid-template-columns:minmax(120px,max-content) minmax(0,1fr);gap:0;margin:0}
        dl.facts>dt,dl.facts>dd{padding:6px 16px;margin:0;border-bottom:1px solid var(--line);min-height:32px}
        dl.facts>dt{color:var(--soft);padding-right:0}
        dl.facts>dd{overflow-wrap:anywhere}
        dl.facts>dt:last-of-type,dl.facts>dd:last-of-type{border-bottom:0}

        /* forms */
        form.inline{display:inline}
        label{font-weight:550}
        input,select,textarea,button,.button{font:inherit;color:inherit}
        input:not([type=checkbox],[type=radio]),select,textarea{width:100%;min-height:36px;padding:6px 10px;border-radius:6px;
        border:1px solid var(--strong-line);background:var(--raised)}
        textarea{min-height:72px;font-family:var(--mono);font-size:12.5px}
        input[aria-invalid],select[aria-invalid],textarea[aria-invalid]{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}
        .field{margin:0 0 16px;max-width:520px}
        .field>label{display:block}
        .fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:0 24px}
        .field .hint,.field .fault{display:block;margin-top:4px;font-size:13px}
        .field .hint{color:var(--soft)}.field .fault{color:var(--bad);font-weight:550}
        .field input[type=file]{margin-top:4px;border-style:dashed}
        form h3{border-bottom:1px solid var(--line);padding-bottom:4px;margin:4px 0 12px}
        fieldset{border:0;padding:0;min-width:0}legend{font-weight:550;padding:0;margin-bottom:4px}
        .boxes{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));column-gap:16px}
        .boxes .check{margin:0 0 8px}.boxes label{font-weight:400}.boxes .hint{margin:0}
        .check{display:flex;gap:8px;align-items:flex-start;margin:0 0 12px}
        .check input{flex:none;margin:3px 0 0;width:16px;height:16px;accent-color:var(--accent)}
        button,.button{display:inline-flex;align-items:center;justify-content:center;gap:6px;min-height:36px;padding:0 14px;
        border-radius:6px;border:1px solid var(--strong-line);background:var(--raised);font-weight:600;cursor:pointer;color:var(--text)}
        button:hover,.button:hover{background:var(--over-soft);text-decoration:none}
        button.main,.button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
        button.main:hover,.button.main:hover{filter:brightness(1.08)}
        button.danger,.button.danger{color:var(--bad);border-color:var(--bad)}
        button.danger:hover{background:var(--bad-soft)}
        button.small,.button.small{min-height:28px;padding:0 10px;font-size:13px}
        button svg,.button svg{width:16px;height:16px}
        .field input[type=number],.field input[type=date]{max-width:180px}
        fieldset{border:0;padding:0;margin:0 0 12px;min-width:0}legend{padding:0;margin-bottom:8px;font-weight:650}
        .choices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:4px 24px;margin:8px 0}
        .choices .check{margin-bottom:6px}.choices label{font-weight:400}
        .flow{columns:2 400px;column-gap:16px}.flow:not(:last-child){margin-bottom:16px}.flow>.panel{break-inside:avoid}.flow>.panel:last-child{margin-bottom:0}
        .save{position:sticky;bottom:0;background:var(--page);padding:12px 0;margin:0;border-top:1px solid var(--line)}
        .buttons{display:flex;gap:8px;flex-wrap:wrap;align-items:center;margin-top:8px}
        .filters{display:flex;flex-wrap:wrap;gap:8px;align-items:end;padding:12px 16px;border-bottom:1px solid var(--line)}
        .filters .grow{flex:1 1 220px}
        .filters label{display:block;font-size:12px;color:var(--soft);font-weight:600}
        .filters select,.filters input{min-width:120px}
        .bulk{display:flex;gap:8px;flex-wrap:wrap;align-items:center;padding:8px 16px;border-bottom:1px solid var(--line)}
        .bulk input[type=text]{max-width:280px}

        /* what is said */
        .notice{display:flex;gap:10px;border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:6px;
        background:var(--panel);padding:10px 14px;margin:0 0 16px}
        .notice p{margin:0}
        .notice.good{border-left-color:var(--good)}.notice.wait{border-left-color:var(--wait)}.notice.bad{border-left-color:var(--bad)}
        .notice svg{width:20px;height:20px;flex:none;color:var(--accent)}
        .notice.good svg{color:var(--good)}.notice.wait svg{color:var(--wait)}.notice.bad svg{color:var(--bad)}
        .empty{padding:32px 16px;text-align:center;color:var(--soft)}
        .empty h2{color:var(--text);margin-bottom:4px}.empty p{margin:0 auto 12px}
        .secret,.listing{position:relative;display:block;background:var(--over-soft);border:1px solid var(--line);border-radius:6px;
        padding:10px 14px;margin:0 0 12px;overflow-x:auto}
        .secret{font:600 16px/24px var(--mono);letter-spacing:.02em}
        pre{margin:0;line-height:20px}
        .qr{display:block;width:220px;height:220px;border-radius:6px;margin:0 0 12px}
        [data-copy]{float:right;margin-left:8px;position:relative}

        .tabs{margin:0 0 16px;border-bottom:1px solid var(--line)}
        .tabs ul{display:flex;flex-wrap:wrap;gap:4px;list-style:none;margin:0;padding:0}
        .tabs a{display:block;padding:8px 12px;color:var(--soft);font-weight:600;white-space:nowrap;border-bottom:2px solid transparent}
        .tabs a:hover{color:var(--text);text-decoration:none}.tabs a[aria-current]{color:var(--accent);border-color:var(--accent)}

        /* timeline */
        .timeline{list-style:none;margin:0;padding:8px 16px 8px 32px}
        .timeline>li{position:relative;overflow-wrap:anywhere;padding:8px 0 12px 16px;border-left:2px solid var(--line)}
        .timeline>li::before{content:"";position:absolute;left:-7px;top:13px;width:8px;height:8px;border-radius:50%;
        background:var(--panel);border:2px solid var(--soft)}
        .timeline>li.good::before{border-color:var(--good);background:var(--good)}
        .timeline>li.wait::before{border-color:var(--wait);border-radius:2px}
        .timeline>li.bad::before{border-color:var(--bad);background:var(--bad);transform:rotate(45deg);border-radius:0}
        .timeline .when{float:right;color:var(--soft)}
        .timeline .remarks{display:block}
        .cause{color:var(--bad)}.timeline .cause{margin:4px 0 0}.timeline .cure{margin:0}

        /* charts */
        .chart{width:100%;min-width:640px;height:auto;display:block}
        .chart text{font:11px var(--sans);fill:var(--soft)}
        .chart .grid{stroke:var(--line)}.chart .axis{stroke:var(--strong-line)}
        .chart .good{fill:var(--good)}.chart .wait{fill:var(--wait)}.chart .bad{fill:var(--bad)}.chart .accent{fill:var(--accent)}
        .legend{display:flex;gap:16px;flex-wrap:wrap;color:var(--soft);font-size:13px;margin-bottom:8px}
        .legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px;background:currentcolor}
        .legend .good{color:var(--good)}.legend .wait{color:var(--wait)}.legend .bad{color:var(--bad)}.legend .accent{color:var(--accent)}
        .legend span{color:var(--soft)}
        .bars{list-style:none;margin:0;padding:0}
        .bars li{display:grid;grid-template-columns:minmax(120px,1fr) 2fr 48px;gap:12px;align-items:center;padding:4px 0}
        .bars svg{width:100%;height:8px;border-radius:4px;background:var(--over-soft)}
        .bars .number{text-align:right}.bars .bad{fill:var(--bad)}

        /* a page of its own: signing in */
        .alone{min-height:100vh;display:grid;place-items:center;padding:24px}
        .alone>main{max-width:400px;padding:0}
        .alone .panel{padding:24px;box-shadow:var(--shadow)}
        .alone .brand{justify-content:center;padding:0 0 16px;font-size:20px}
        .alone h1{margin-bottom:12px}
        .alone button{width:100%}
        .alone.wider>main{max-width:560px}.alone.wider button{width:auto}

        dialog{border:1px solid var(--line);border-radius:10px;background:var(--raised);color:inherit;padding:20px;max-width:480px;
        width:calc(100% - 32px);box-shadow:var(--shadow)}
        dialog::backdrop{background:rgb(8 12 16/.45)}

        /* list with the detail beside it */
        .beside{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;align-items:start}
        @media(min-width:1280px){.beside.open{grid-template-columns:minmax(0,1fr) minmax(420px,560px)}
        .beside.open .detail{position:sticky;top:16px;max-height:calc(100vh - 32px);overflow:auto}
        .beside.open .wider{display:none}.beside.open td.name{max-width:200px}}
        @media(max-width:900px){.frame{display:block}
        .side{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line)}
        .side .brand{padding:12px 16px}
        .side input.menu{display:block;position:absolute;right:8px;top:6px;appearance:none;width:40px;height:40px;min-height:0;
        padding:0;border:1px solid var(--line);border-radius:6px;cursor:pointer;
        background:linear-gradient(var(--text) 0 0) 50% 12px/18px 2px no-repeat,linear-gradient(var(--text) 0 0) 50% 50%/18px 2px no-repeat,
        linear-gradient(var(--text) 0 0) 50% 26px/18px 2px no-repeat}
        .side nav,.side .who{display:none}
        .menu:checked~nav,.menu:checked~.who{display:block}
        .menu:checked~.who{display:flex}
        main{padding:16px 16px 48px}
        .listing [data-copy]{float:none;display:flex;margin:0 0 8px}
        .head .actions{margin-left:0}
        .stack thead{position:absolute;left:-200rem}
        .stack tr{display:grid;grid-template-columns:minmax(45%,1fr) auto;gap:0 8px;padding:8px 16px;border-bottom:1px solid var(--line)}
        .stack td{display:block;height:auto;padding:1px 0;border:0;max-width:none;white-space:normal;overflow-wrap:anywhere}
        .stack td:first-child{padding-left:0}
        .stack td.name{grid-column:1}.stack td.state{grid-column:2;grid-row:1}
        .stack td.tick{display:none}
        .stack td[data-label]::before{content:attr(data-label) " ";color:var(--soft)}
        .stack td.number{text-align:left}
        dl.facts{grid-template-columns:1fr}dl.facts>dt{border-bottom:0;padding-bottom:0}}
        @media(prefers-reduced-motion:no-preference){.toast{animation:rise .2s ease-out}}
        @keyframes rise{from{transform:translateY(8px);opacity:0}}
        @media print{.side,.actions,.filters,.buttons{display:none}.frame{display:block}main{padding:0}}
        """#
}
