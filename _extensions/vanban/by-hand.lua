-- by-hand.lua: what `quarto render` by hand must not hide, in every format (_quarto.yml names this filter).
--
-- Quarto does not execute a notebook: one that was not run would become a letter without a figure. And the mark of
-- sample figures is printed by the form; without a spec there is no letterhead; a format without the form (html, docx, typst ...) prints it as text.

local MARK = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
local NOT_RUN = "Sổ tính này chưa được chạy nên chưa có số liệu nào. Hãy lập báo cáo bằng «baocao build», hoặc chạy sổ " ..
  "tính bằng papermill rồi dựng tệp đã chạy (README.md, mục «By hand»). Quarto không tự chạy sổ tính, và bỏ qua -P."

local NO_LETTER = "Bản dựng bằng tay, chưa có thể thức (cơ quan ban hành, số, nơi nhận, người ký): «baocao build» lấy thể thức từ " ..
  "tệp của báo cáo trong reports/; hoặc điền khóa van-ban ở ô đầu sổ tính."

local function has_class(blocks, pattern)
  local found = false
  blocks:walk { Div = function(el)
    for _, class in ipairs(el.classes) do found = found or class:match(pattern) ~= nil end
  end }
  return found
end

function Pandoc(doc)
  local executed = doc.meta["vb-da-chay"] or has_class(doc.blocks, "^cell%-output")  -- vanban.lua may have unwrapped
  if quarto.doc.input_file:match "%.ipynb$" and not executed then
    doc.meta["van-ban"] = nil
    doc.blocks = pandoc.Blocks { pandoc.Para { pandoc.Str(NOT_RUN) } }
    return doc
  end
  local letter = doc.meta["van-ban"]
  local blank = type(letter) == "table" and letter["co-quan"] == nil
  if blank or doc.meta["vb-khong-the-thuc"] == true then
    doc.blocks:insert(1, pandoc.Para { pandoc.Emph { pandoc.Str(NO_LETTER) } })
  end
  if has_class(doc.blocks, "^so%-lieu%-mau$") then
    local mark = pandoc.Para { pandoc.Strong { pandoc.Str(MARK) } }
    doc.blocks:insert(1, pandoc.Div({ mark }, { class = "so-lieu-mau" }))
  end
  return doc
end
