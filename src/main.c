#include "pipeline.h"
#include "base/buf.h"
#include <stdlib.h>
int main(int argc, char **argv){
  Error err={0}; RuleSet *rs=ruleset_load(NULL,0,&err); if(!rs){error_print(&err,"onrecord");return 2;}
  Scratch *s=scratch_new(rs); Arena ar; arena_init(&ar); Article a;
  Buf b={0}; FILE*f=argc>1?fopen(argv[1],"rb"):stdin; char blk[65536]; size_t n; while((n=fread(blk,1,sizeof blk,f))>0) buf_add(&b,blk,n); fclose(f);
  article_open(&a,&ar,b.bytes,b.len,false,&err); pipeline_run(&a,rs,s,NULL,NULL,NULL,&err);
  printf("headline=%s dateline=%s published=%s tokens=%u sentences=%u\n",a.headline?a.headline:"-",a.dateline?a.dateline:"-",a.published?a.published:"-",a.tokens.count,a.sentences.count);
  for(unsigned i=0;i<a.zones.count;i++) printf("zone %s %u-%u %s\n",zone_name(a.zones.items[i].kind),a.zones.items[i].bytes.start,a.zones.items[i].bytes.end,a.zones.items[i].rule);
  for(unsigned i=0;i<a.mentions.count;i++){Mention*m=&a.mentions.items[i]; printf("%s [%.*s] %s\n",entity_type_name(m->type),(int)(m->bytes.end-m->bytes.start),a.text+m->bytes.start,m->rule);}
  for(unsigned i=0;i<a.sentences.count;i++){Span x=token_span(&a,a.sentences.items[i].tokens); printf("S: %.*s\n",(int)(x.end-x.start),a.text+x.start);}
  scratch_free(s); ruleset_free(rs); arena_close(&ar); buf_close(&b); return 0;}
