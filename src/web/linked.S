/* Links the assets into the program; assets.c gives them their addresses. */
    .macro asset name file
    .global web_\name, web_\name\()_end
web_\name:
    .incbin "\file"
web_\name\()_end:
    .byte 0
    .endm

    .section .rodata
    asset style "src/web/style.css"
    asset script "src/web/script.js"
    asset icon "src/web/icon.svg"
    .section .note.GNU-stack,"",@progbits
