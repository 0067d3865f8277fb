-- vanban.lua: the one filter of the document format, for Typst (PDF) and HTML, under Quarto and plain pandoc.
--
-- It builds the head, the signature block and the list of recipients from the metadata key `van-ban`, turns
-- the Divs and Spans of a report into calls of typst-template.typ or into classes of vanban.css, and lets
-- nothing of the text run: for Typst every word leaves as a string literal, for HTML as escaped text.
-- Parts are named once, in `part()`, so both formats hold the same text in the same order.

local typst = FORMAT:match "typst" ~= nil
local stringify = pandoc.utils.stringify

-- Words that the form itself prints (Nghị định 30/2020/NĐ-CP, Phụ lục I); there are no others.
local WORDS = {
  quoc_hieu = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
  tieu_ngu = "Độc lập - Tự do - Hạnh phúc",
  so = "Số:", ve_viec = "V/v", ngay = "ngày", thang = "tháng", nam = "năm",
  kinh_gui = "Kính gửi:", noi_nhan = "Nơi nhận:", luu = "Lưu:", phu_luc = "Phụ lục",
  so_lieu_mau = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ",
}

-- ---------------------------------------------------------------- text

-- A Typst string literal: inside it only the backslash and the quotation mark have a meaning. Braces are
-- written as numbers, because Quarto looks for its shortcodes, {{< name >}}, in raw code as well.
local function literal(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("{", "\\u{7b}") .. '"'
end

local function raw(code) return pandoc.RawInline("typst", code) end
local function rawblock(code) return pandoc.RawBlock("typst", code) end

-- Word joiners (U+2060) guard list markers and dashes in the Markdown; past the reader they are not needed.
local function plain_text(text) return (text:gsub("\u{2060}", "")) end

-- What a reader may still leave of live code, quotation and citation becomes the text it was written as.
-- Most words stay as they are: nothing is returned for them, which is faster than the same word again.
local TO_TEXT = {
  Str = function(el)
    local text = el.text
    if text:find("\u{2060}", 1, true) then return pandoc.Str(plain_text(text)) end
  end,
  RawInline = function(el) return pandoc.Str(el.text) end,
  RawBlock = function(el) return pandoc.Para { pandoc.Str(el.text) } end,
  Math = function(el) return pandoc.Str(el.text) end,
  Cite = function(el) return el.content end,
  Code = function(el) return pandoc.Str(plain_text(el.text)) end,
  Quoted = function(el)
    local mark = pandoc.Str(el.quotetype == "SingleQuote" and "'" or '"')
    return pandoc.Inlines { mark } .. el.content .. pandoc.Inlines { mark }
  end,
  Span = function(el)
    if el.classes:includes "quarto-shortcode__" then return pandoc.Str(el.attributes["data-raw"] or "") end
  end,
}

-- Typst: runs of words and single spaces become one string literal, so that no shorthand, label, reference
-- or list marker can arise from data.
local function to_literals(inlines)
  local out, run = pandoc.Inlines {}, ""
  local function flush()
    if run ~= "" then
      local gap = run:match "^ " ~= nil
      local words = run:gsub("^ ", ""):gsub(" $", "")
      if gap then out:insert(pandoc.Space()) end
      if words ~= "" then
        out:insert(raw("#" .. literal(words) .. ";"))
        if run:match " $" then out:insert(pandoc.Space()) end
      end
      run = ""
    end
  end
  for _, el in ipairs(inlines) do
    local kind = el.t
    if kind == "Str" then
      run = run .. el.text
    elseif kind == "Space" or kind == "SoftBreak" then
      if not run:match " $" then run = run .. " " end
    else
      flush()
      out:insert(el)
    end
  end
  flush()
  return out
end

-- ---------------------------------------------------------------- metadata

-- The letter's strings are text. Whoever writes them escapes them; where that was forgotten, as by hand, a link is its
-- words, a picture its name, and nothing is fetched or followed.
local function words_of(el) return el.content end
local TO_WORDS = {
  Link = words_of, Emph = words_of, Strong = words_of, Superscript = words_of, Subscript = words_of,
  Strikeout = words_of, Underline = words_of, SmallCaps = words_of, Span = words_of,
  Image = function(el) return el.caption end,
  Note = function(el) return pandoc.utils.blocks_to_inlines(el.content) end,
}

-- Metadata value -> Inlines of plain text structure; nil when it is missing or blank.
local function inlines_of(value)
  if value == nil then return nil end
  local kind = pandoc.utils.type(value)
  local inlines
  if kind == "Inlines" then
    inlines = value
  elseif kind == "Blocks" then
    inlines = pandoc.utils.blocks_to_inlines(value)
  elseif kind == "List" then
    inlines = pandoc.Inlines {}
    for _, item in ipairs(value) do inlines:extend(inlines_of(item) or {}) end
  else
    inlines = pandoc.Inlines { pandoc.Str(tostring(value)) }
  end
  inlines = inlines:walk(TO_TEXT):walk(TO_WORDS)
  if stringify(inlines):match "^%s*$" then return nil end
  return inlines
end

-- Metadata value, one or several -> list of Inlines, blanks left out.
local function list_of(value)
  local lines = pandoc.List {}
  local items = pandoc.utils.type(value) == "List" and value or { value }
  for _, item in ipairs(items) do
    local inlines = inlines_of(item)
    if inlines then lines:insert(inlines) end
  end
  return lines
end

-- Words and Inlines, joined by spaces.
local function phrase(...)
  local out = pandoc.Inlines {}
  for _, piece in ipairs { ... } do
    if #out > 0 then out:insert(pandoc.Space()) end
    if type(piece) == "string" then out:insert(pandoc.Str(piece)) else out:extend(piece) end
  end
  return out
end

local function append(inlines, text) return inlines .. pandoc.Inlines { pandoc.Str(text) } end

-- "- a;" "- b;" "- c." (ND30 II.9)
local function dashed(items)
  return items:map(function(item, i) return append(phrase("-", item), i == #items and "." or ";") end)
end

-- Room to write a number or a day by hand.
local function blank()
  return pandoc.Inlines { typst and raw "#vb-trong();" or
    pandoc.RawInline("html", '<span class="vb-trong"></span>') }
end

-- ---------------------------------------------------------------- parts of the document

-- One part: fields in the order of reading. A field is {name, Inlines or list of Inlines, box}; nil fields
-- are left out. Typst: #vb-NAME(field: [..], ..). HTML: <div class="vb-NAME"><div class="FIELD"><p>..</p>, where
-- neighbours of the same box share a <div class="BOX">.
-- `heading` names the field that is a heading of the page in HTML, `level` its level (1 when not given).
local function part(name, fields, heading, level)
  if typst then
    local call = pandoc.Inlines { raw("#vb-" .. name .. "(") }
    for _, field in ipairs(fields) do
      local key, value = field[1], field[2]
      if value then
        local many = pandoc.utils.type(value) ~= "Inlines"
        call:insert(raw(key .. (many and ": (" or ": ")))
        for _, inlines in ipairs(many and value or { value }) do
          call:insert(raw "[")
          call:extend(inlines)
          call:insert(raw "], ")
        end
        if many then call:insert(raw "), ") end
      end
    end
    call:insert(raw ")")
    return pandoc.Blocks { pandoc.Para(call) }
  end
  local children = pandoc.Blocks {}
  for _, field in ipairs(fields) do
    local key, value, box = field[1], field[2], field[3]
    local paragraphs = pandoc.Blocks {}
    if pandoc.utils.type(value) == "Inlines" then value = { value } end
    for _, inlines in ipairs(value or {}) do
      paragraphs:insert(key == heading and pandoc.Header(level or 1, inlines) or pandoc.Para(inlines))
    end
    if #paragraphs > 0 then
      local written = pandoc.Div(paragraphs, { class = key })
      local last = children[#children]
      if box and last and last.classes:includes(box) then
        last.content:insert(written)
        children[#children] = last
      else
        children:insert(box and pandoc.Div({ written }, { class = box }) or written)
      end
    end
  end
  return pandoc.Blocks { pandoc.Div(children, { class = "vb-" .. name }) }
end

local function head(letter)
  local kind = inlines_of(letter["ten-loai"])
  local subject = inlines_of(letter["trich-yeu"])
  local is_letter = not (inlines_of(letter.loai) and stringify(letter.loai) == "bao-cao")
  local number = inlines_of(letter.so)
  local symbol = pandoc.Inlines { pandoc.Str "/" } .. (inlines_of(letter["ky-hieu"]) or {})
  local place = inlines_of(letter["dia-danh"])
  local blocks = part("dau", {
    { "co-quan-chu-quan", inlines_of(letter["co-quan-chu-quan"]), "o-2" },
    { "co-quan", list_of(letter["co-quan"]), "o-2" },
    { "quoc-hieu", phrase(WORDS.quoc_hieu), "o-1" },
    { "tieu-ngu", phrase(WORDS.tieu_ngu), "o-1" },
    { "so", phrase(WORDS.so, (number or blank()) .. symbol), "o-3" },
    { "trich-yeu", is_letter and subject and phrase(WORDS.ve_viec, subject) or nil, "o-3" },
    { "ngay", phrase(place and append(place, ",") or {},
      WORDS.ngay, inlines_of(letter.ngay) or blank(),
      WORDS.thang, inlines_of(letter.thang) or blank(),
      WORDS.nam, inlines_of(letter.nam) or blank()), "o-4" },
  }, "trich-yeu")
  if not is_letter then
    blocks:extend(part("ten-loai", { { "ten-loai", kind or phrase "BÁO CÁO" }, { "trich-yeu", subject } },
      "ten-loai"))
  end
  local addressees = list_of(letter["kinh-gui"])
  if #addressees > 0 then
    blocks:extend(part("kinh-gui", {
      { "nhan", phrase(WORDS.kinh_gui) },
      { "noi", #addressees > 1 and dashed(addressees) or addressees },
    }))
  end
  return blocks
end

local function signature(letter)
  local recipients = list_of(letter["noi-nhan"])
  local archive = inlines_of(letter.luu)
  if archive then recipients:insert(phrase(WORDS.luu, archive)) end
  return part("khoi-ky", {
    { "nhan", #recipients > 0 and phrase(WORDS.noi_nhan) or nil, "o-9" },
    { "noi-nhan", dashed(recipients), "o-9" },
    { "quyen-han", list_of(letter["quyen-han"]), "o-7" },
    { "nguoi-ky", inlines_of(letter["nguoi-ky"]), "o-7" },
  })
end

-- ---------------------------------------------------------------- body

local notes = pandoc.List {} -- HTML: footnotes met so far, as Blocks
local shift = 0 -- added to the level of headings
local convert -- Blocks, context -> Blocks

-- A block with one paragraph inside: #vb-NAME(arguments)[text] or <div class="NAME">.
local function captioned(name, blocks, arguments)
  local text = pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() })
  if typst then
    return pandoc.Blocks { pandoc.Para(pandoc.Inlines { raw("#vb-" .. name .. (arguments or "") .. "[") }
      .. text .. pandoc.Inlines { raw "]" }) }
  end
  return pandoc.Blocks { pandoc.Div({ pandoc.Para(text) }, { class = name }) }
end

-- The address of an image as Typst code: decoded bytes for a data address, else the path as a string.
local function image_source(src)
  local kind, base64 = src:match "^data:([^;,]+);base64,(.*)$"
  if not kind then return literal(src) end
  local values, bits, size, out = {}, 0, 0, {}
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for i = 1, #alphabet do values[alphabet:byte(i)] = i - 1 end
  base64 = base64:gsub("%%2B", "+"):gsub("%%2F", "/"):gsub("%%3D", "=")
  for i = 1, #base64 do
    local value = values[base64:byte(i)]
    if value then
      bits, size = (bits << 6) | value, size + 6
      if size >= 8 then
        size = size - 8
        out[#out + 1] = string.char((bits >> size) & 0xFF)
        bits = bits & ((1 << size) - 1)
      end
    end
  end
  local data = table.concat(out)
  if kind == "image/svg+xml" then return "bytes(" .. literal(data) .. ")" end
  return "bytes((" .. data:gsub(".", function(c) return c:byte() .. "," end) .. "))"
end

-- A chart; `data-mo-ta` is its alternative text.
local function figure(el)
  local description = el.attributes["data-mo-ta"] or el.attributes["mo-ta"] or ""
  local out = pandoc.Blocks {}
  el:walk { Image = function(image)
    local alt = description ~= "" and description or stringify(image.caption)
    if typst then
      out:insert(rawblock("#vb-hinh(" .. image_source(image.src) ..
        (alt ~= "" and ", alt: " .. literal(alt) or "") .. ")\n"))
    else
      image.caption = {}
      image.attributes.alt = alt
      out:insert(pandoc.Div({ pandoc.Plain { image } }, { class = "hinh" }))
    end
  end }
  return out
end

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

-- Pages across for these blocks only.
local function landscape(blocks)
  return pandoc.Blocks { rawblock "#set page(flipped: true)\n" } .. blocks ..
    pandoc.Blocks { rawblock "#set page(flipped: false)\n" }
end

local function typst_cell(cell, blocks)
  local call = "["
  if cell.col_span > 1 or cell.row_span > 1 then
    call = ("table.cell(colspan: %d, rowspan: %d)["):format(cell.col_span, cell.row_span)
  end
  blocks:insert(rawblock(call))
  blocks:extend(convert(cell.contents, { cell = true }))
  blocks:insert(rawblock "],")
end

local function table_of(el, small)
  if not typst then
    el = el:walk {
      traverse = "topdown",
      Blocks = function(blocks) return convert(blocks, { cell = true }), false end,
    }
    return pandoc.Blocks { pandoc.Div({ el }, { class = small and "bang nho" or "bang" }) }
  end
  local columns, aligns = {}, {}
  for i, spec in ipairs(el.colspecs) do
    aligns[i] = ALIGN[spec[1]]
    columns[i] = spec[2] and spec[2] > 0 and ("%.4ffr"):format(spec[2] * 100) or "auto"
  end
  local header = el.head.rows
  local printed = false
  for _, row in ipairs(header) do
    for _, cell in ipairs(row.cells) do printed = printed or stringify(cell.contents) ~= "" end
  end
  if not printed then header = {} end
  local call = "#vb-bang(cot: (%s,), canh: (%s,), nho: %s, hang-dau: %d, dau: ("
  local out = pandoc.Blocks { rawblock(call:format(
    table.concat(columns, ", "), table.concat(aligns, ", "), small and "true" or "false", #header)) }
  for _, row in ipairs(header) do
    for _, cell in ipairs(row.cells) do typst_cell(cell, out) end
  end
  out:insert(rawblock "),")
  local groups = el.bodies:map(function(body) return body.head .. body.body end)
  groups:insert(el.foot.rows)
  for _, rows in ipairs(groups) do
    for _, row in ipairs(rows) do
      for _, cell in ipairs(row.cells) do typst_cell(cell, out) end
    end
  end
  out:insert(rawblock ")\n")
  return out
end

-- List markers are words of the text ("-", "1."), in both formats: what is read is what is printed.
local function list(el, context)
  local number = el.t == "OrderedList" and el.listAttributes.start
  local items = pandoc.List {}
  for _, item in ipairs(el.content) do
    local marker = number and number .. "." or "-"
    number = number and number + 1
    local first = item[1]
    if first and (first.t == "Plain" or first.t == "Para") then
      item[1] = pandoc.Para(phrase(marker, first.content))
    else
      item:insert(1, pandoc.Para { pandoc.Str(marker) })
    end
    items:insert(convert(item, { list = (context.list or 0) + 1, cell = context.cell }))
  end
  if not typst then
    el.content = items
    return pandoc.Blocks { pandoc.Div({ el }, { class = "vb-danh-sach" }) }
  end
  local out = pandoc.Blocks {}
  for _, item in ipairs(items) do out:extend(item) end
  if context.list then
    out:insert(1, rawblock "#pad(left: 8mm)[")
    out:insert(rawblock "]\n")
  end
  return out
end

-- In capitals, notes apart: as ND30 III.1 asks of the title of an annex.
local function capitals(inlines)
  return inlines:walk {
    traverse = "topdown",
    Str = function(el) return pandoc.Str(pandoc.text.upper(el.text)) end,
    Note = function(el) return el, false end,
  }
end

-- <div class="phu-luc" data-so="I">: title = first paragraph, then perhaps "(Kèm theo ...)".
local function annex(el)
  local number = el.attributes["data-so"] or el.attributes.so or ""
  local content = pandoc.Blocks(el.content)
  local function take(pattern)
    local first = content[1]
    if first and (first.t == "Para" or first.t == "Plain" or first.t == "Header")
        and stringify(first):match(pattern) then
      content:remove(1)
      return first.content
    end
  end
  local name = number ~= "" and phrase(WORDS.phu_luc, number) or phrase(WORDS.phu_luc)
  local heading = take ""
  local title = part("phu-luc", {
    { "nhan", name }, { "ten", heading and capitals(heading) }, { "kem-theo", take "^%(Kèm theo" },
  }, "nhan", 2)
  -- A table across the page takes the title with it: no page holds a title alone.
  local wide = el.classes:includes "ngang"
  local first = content[1]
  if first and first.t == "Div" and first.classes:includes "ngang" then
    content:remove(1)
    content = first.content .. content
    wide = true
  end
  content = title .. convert(content, {})
  if typst then return wide and landscape(content) or content end
  return pandoc.Blocks { pandoc.Div(content, { class = wide and "phu-luc ngang" or "phu-luc" }) }
end

-- A Div of the report by its class. Unknown Divs are only wrapping: HTML keeps them, Typst needs them not.
local function div(el, context)
  local is = function(name) return el.classes:includes(name) end
  if is "phu-luc" then return annex(el) end
  if is "ngang" then
    local content = convert(el.content, context)
    return typst and landscape(content) or pandoc.Blocks { pandoc.Div(content, { class = "ngang" }) }
  end
  if is "bang" then return convert(el.content, { small = is "nho" }) end
  if is "hinh" then return figure(el) end
  for _, name in ipairs { "chu-thich-bang", "chu-thich-hinh", "nguon" } do
    if is(name) then return captioned(name, el.content, context.keep and "(dinh: true)") end
  end
  if typst then return convert(el.content, context) end
  el.content = convert(el.content, context)
  return pandoc.Blocks { el }
end

local function heading(el)
  local level = el.level + shift
  if not typst then
    return pandoc.Blocks { pandoc.Header(math.min(level + 1, 6), el.content, { id = el.identifier }) }
  end
  local call = pandoc.Inlines { raw(("#heading(level: %d)["):format(level)) }
  return pandoc.Blocks { pandoc.Para(call .. el.content .. pandoc.Inlines { raw "]" }) }
end

local CONVERT = {
  Plain = function(el, context) return pandoc.Blocks { context.cell and el or pandoc.Para(el.content) } end,
  Para = function(el)
    local only = #el.content == 1 and el.content[1].t == "Image"
    return only and figure(pandoc.Div { el }) or pandoc.Blocks { el }
  end,
  Header = heading,
  BulletList = list,
  OrderedList = list,
  Table = function(el, context) return table_of(el, context.small) end,
  Div = div,
  CodeBlock = function(el)
    return pandoc.Blocks { typst and rawblock("#raw(block: true, " .. literal(el.text) .. ")\n")
      or pandoc.CodeBlock(el.text) }
  end,
  BlockQuote = function(el, context)
    local content = convert(el.content, context)
    if not typst then return pandoc.Blocks { pandoc.BlockQuote(content) } end
    return pandoc.Blocks { rawblock "#pad(left: 8mm)[" } .. content .. pandoc.Blocks { rawblock "]\n" }
  end,
  HorizontalRule = function(el) return pandoc.Blocks { typst and rawblock "#vb-ke-ngang()\n" or el } end,
}

convert = function(blocks, context)
  local out = pandoc.Blocks {}
  for i, el in ipairs(blocks) do
    local following = blocks[i + 1]
    local keep = el.t == "Div" and el.classes:includes "chu-thich-hinh" and following and following.t == "Div"
      and following.classes:includes "nguon"
    local inside = keep and { keep = true } or context
    out:extend(CONVERT[el.t] and CONVERT[el.t](el, inside) or pandoc.Blocks { el })
  end
  return out
end

-- ---------------------------------------------------------------- the whole document

-- Wrapping of notebook cells is taken off, so that Quarto and plain pandoc see the same blocks.
local executed = false  -- whether a cell of the notebook has printed anything, for by-hand.lua
local UNWRAP = {
  Div = function(el)
    for _, class in ipairs(el.classes) do
      executed = executed or class:match "^cell%-output" ~= nil
      if class == "cell" or class:match "^cell%-output" or class:match "^quarto%-" then return el.content end
    end
  end,
}

-- Index of the first block of the annexes, or one past the last block.
local function end_of_letter(blocks)
  for i, el in ipairs(blocks) do
    local found = false
    if el.t == "Div" then
      pandoc.Blocks({ el }):walk {
        Div = function(inner) found = found or inner.classes:includes "phu-luc" end,
      }
    end
    if found then return i end
  end
  return #blocks + 1
end

-- Blocks before the signature, the signature, blocks after it; the marker <div class="khoi-ky"> says where.
local function around_signature(blocks)
  local before, after, place = pandoc.Blocks {}, pandoc.Blocks {}, nil
  for i, el in ipairs(blocks) do
    if el.t == "Div" and el.classes:includes "khoi-ky" then place = place or i end
  end
  place = place or end_of_letter(blocks)
  for i, el in ipairs(blocks) do
    local marker = el.t == "Div" and el.classes:includes "khoi-ky"
    if not marker then (i < place and before or after):insert(el) end
  end
  return before, after
end

-- ND30 II.7: the end of the letter, two lines at least, stays on the page of the signature. A line holds some
-- 85 letters; a last paragraph of one line takes the one before it along.
local LETTERS_OF_TWO_LINES = 170
local function keep_last(blocks)
  if not typst then return blocks end
  local kept, letters = 0, 0
  for i = #blocks, 1, -1 do
    if blocks[i].t ~= "Para" or letters >= LETTERS_OF_TWO_LINES then break end
    letters = letters + pandoc.text.len(stringify(blocks[i]))
    kept = kept + 1
  end
  local out = pandoc.Blocks {}
  for i, el in ipairs(blocks) do
    out:extend(i > #blocks - kept and { rawblock "#vb-doan-cuoi[", el, rawblock "]\n" } or { el })
  end
  return out
end

-- Title of the file (PDF metadata, <title>): the given one, else the subject of the letter.
local function file_title(meta, letter)
  local given = inlines_of(meta.title)
  if given or not letter then return given end
  local subject = inlines_of(letter["trich-yeu"])
  local kind = inlines_of(letter.loai) and stringify(letter.loai) == "bao-cao"
    and (inlines_of(letter["ten-loai"]) or phrase "BÁO CÁO") or phrase(WORDS.ve_viec)
  return subject and phrase(kind, subject)
end

local TO_TYPST = {
  Span = function(el) return el.content end,
  Link = function(el) return el.content end,
  Image = function(el)
    return raw("#box(image(" .. image_source(el.src) .. ", alt: " .. literal(stringify(el.caption)) .. "))")
  end,
}

-- Quarto looks for shortcodes in attributes and metadata too: a word joiner parts their braces.
local function part_braces(text) return (text:gsub("{{", "{\u{2060}{")) end

-- "(1)", as the letters of the province mark a note; typst-template.typ sets the same for the PDF.
local function note_mark(number) return "(" .. number .. ")" end

local TO_HTML = {
  Note = function(el)
    notes:insert(el.content)
    return pandoc.Superscript { pandoc.Link(note_mark(#notes), "#ghi-chu-" .. #notes, "",
      { id = "goi-ghi-chu-" .. #notes, role = "doc-noteref" }) }
  end,
  -- A claim can be reached by keyboard and by touch; the stylesheet shows its explanation.
  Span = function(el)
    if el.classes:includes "so-lieu" then el.attributes.tabindex = "0" end
    for name, value in pairs(el.attributes) do el.attributes[name] = part_braces(value) end
    return el
  end,
  Image = function(el)
    el.attributes.alt = part_braces(el.attributes.alt or stringify(el.caption))
    el.caption = {}
    return el
  end,
  Link = function(el)
    if not (el.target:match "^https?://" or el.target:match "^mailto:" or el.target:match "^#") then
      return el.content
    end
  end,
}

local function notes_section()
  local section = pandoc.Blocks {}
  for i, blocks in ipairs(notes) do
    local mark = pandoc.Superscript { pandoc.Link(note_mark(i), "#goi-ghi-chu-" .. i, "",
      { role = "doc-backlink" }) }
    local first = blocks[1]
    if first and (first.t == "Para" or first.t == "Plain") then
      blocks[1] = pandoc.Para(phrase({ mark }, first.content))
    end
    section:insert(pandoc.Div(blocks, { id = "ghi-chu-" .. i, role = "doc-footnote" }))
  end
  return pandoc.Div(section, { class = "vb-ghi-chu" })
end

function Pandoc(doc)
  local meta, letter = doc.meta, doc.meta["van-ban"]
  local sample = false
  local blocks = doc.blocks:walk(TO_TEXT):walk(UNWRAP):walk {
    Div = function(el)
      if el.classes:includes "so-lieu-mau" then
        sample = true
        return {}  -- the form prints the mark itself, on every page
      end
    end,
  }
  local top = 7
  blocks:walk { Header = function(el) top = math.min(top, el.level) end }
  shift = 1 - top

  local title = file_title(meta, letter)
  local body = pandoc.Blocks {}
  if sample then
    meta["vb-so-lieu-mau"] = typst and to_literals(phrase(WORDS.so_lieu_mau)) or phrase(WORDS.so_lieu_mau)
    if not typst then
      body:insert(pandoc.Div({ pandoc.Para(phrase(WORDS.so_lieu_mau)) }, { class = "vb-so-lieu-mau" }))
    end
  end
  local before, after = around_signature(blocks)
  before = convert(before, {})
  after = convert(after, {})
  if letter then
    body:extend(head(letter))
    body:extend(keep_last(before))
    body:extend(signature(letter))
  else
    if title then
      body:extend(typst and captioned("tieu-de", { pandoc.Para(title) })
        or { pandoc.Div({ pandoc.Header(1, title) }, { class = "vb-tieu-de" }) })
    end
    body:extend(before)
  end
  body:extend(after)
  if typst then
    body = body:walk(TO_TYPST):walk { Inlines = to_literals }
    if title then meta["vb-tieu-de"] = to_literals(phrase(stringify(title))) end
  else
    body = body:walk(TO_HTML)
    if #notes > 0 then body:insert(notes_section()) end
    if title then meta["vb-tieu-de"] = pandoc.Inlines { pandoc.Str(part_braces(stringify(title))) } end
  end
  -- Quarto would next look for shortcodes in what was read here; nobody needs it any more.
  meta["van-ban"], meta.title, meta["vb-da-chay"] = nil, nil, executed
  meta["vb-khong-the-thuc"] = letter ~= nil and letter["co-quan"] == nil  -- by-hand.lua says so
  return pandoc.Pandoc(body, meta)
end
