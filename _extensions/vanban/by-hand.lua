-- by-hand.lua: what `quarto render` by hand must not hide, in every format (_quarto.yml names this filter).
--
-- Quarto does not execute a notebook: one that was not run would become a letter without a figure. And the mark of
-- sample figures is printed by the form; a format without the form (html, docx, typst ...) prints it as text.

local MARK = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
local NOT_RUN = "Sổ tính này chưa được chạy nên chưa có số liệu nào. Hãy lập báo cáo bằng «baocao build», hoặc chạy sổ " ..
  "tính bằng papermill rồi dựng tệp đã chạy (README.md, mục «By hand»). Quarto không tự chạy sổ tính, và bỏ qua -P."

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
  elseif has_class(doc.blocks, "^so%-lieu%-mau$") then
    local mark = pandoc.Para { pandoc.Strong { pandoc.Str(MARK) } }
    doc.blocks:insert(1, pandoc.Div({ mark }, { class = "so-lieu-mau" }))
  end
  return doc
end
