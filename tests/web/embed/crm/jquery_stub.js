// As much of jQuery as the widget uses.
(function(){
function J(els){this.els=els;this.length=els.length;els.forEach((e,i)=>this[i]=e)}
J.prototype={empty(){this.els.forEach(e=>e.textContent='');return this},append(o){this.els.forEach(e=>o.els.forEach(c=>e.appendChild(c)));return this},text(t){this.els.forEach(e=>e.textContent=t);return this},attr(o){this.els.forEach(e=>{for(var k in o)e.setAttribute(k,o[k])});return this},find(s){return new J([].concat(...this.els.map(e=>[...e.querySelectorAll(s)])))}};
window.jQuery=function(s){if(s[0]==='<'){var d=document.createElement('div');d.innerHTML=s;return new J([d.firstChild])}return new J([...document.querySelectorAll(s)])};
jQuery.Deferred=function(){var ok=[],no=[],st,val;var d={done(f){st==='ok'?f(val):ok.push(f);return d},fail(f){st==='no'?f(val):no.push(f);return d},resolve(v){st='ok';val=v;ok.forEach(f=>f(v))},reject(v){st='no';val=v;no.forEach(f=>f(v))}};return d};
jQuery.ajax=function(o){var d=jQuery.Deferred();fetch(o.url,{method:o.method,headers:Object.assign({'Content-Type':o.contentType},o.headers),body:new URLSearchParams(o.data)}).then(r=>r.ok?r.json().then(d.resolve):d.reject({status:r.status}),()=>d.reject({status:0}));return d};
})();
