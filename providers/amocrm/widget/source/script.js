define(['jquery'], function ($) {
  'use strict';
  var ADDRESS = "__ADDRESS__", ACCOUNT = "__ACCOUNT__", TALLEST = 900;

  return function () {
    var self = this, heard = null;

    function address() {
      var told = (self.get_settings() || {}).backend;
      return (/^https?:\/\/[^\s]+$/.test(told || '') ? told : ADDRESS).replace(/\/+$/, '');
    }

    function word(key) { return self.i18n('userLang')[key]; }

    function say($box, text) { $box.empty().append($('<div class="kpi-connector-said"></div>').text(text)); }

    // the server answers with an address that is good once and for a minute: who asks is proven by amoCRM's own token
    function ask(place) {
      return self.$authorizedAjax({
        url: address() + '/embed/' + encodeURIComponent(ACCOUNT) + '/key',
        method: 'POST', dataType: 'json', contentType: 'application/x-www-form-urlencoded', data: place
      });
    }

    function show($box, place) {
      say($box, word('loading'));
      ask(place).done(function (told) {
        if (!told || typeof told.frame !== 'string' || told.frame.indexOf(address() + '/') !== 0) { say($box, word('failed')); return; }
        $box.empty().append($('<iframe class="kpi-connector-frame"></iframe>').attr({ src: told.frame, title: word('frame') }));
      }).fail(function (answer) { say($box, word(answer && answer.status === 403 ? 'refused' : 'failed')); });
    }

    function stretch($box) {
      heard = function (event) {
        var frame = $box.find('iframe')[0], tall = event.data && event.data.kpiHeight;
        if (frame && event.source === frame.contentWindow && address().indexOf(event.origin) === 0 && typeof tall === 'number') {
          frame.style.height = Math.max(120, Math.min(TALLEST, Math.round(tall))) + 'px';
        }
      };
      window.addEventListener('message', heard);
    }

    function quiet() {
      if (heard) { window.removeEventListener('message', heard); heard = null; }
    }

    this.callbacks = {
      render: function () {
        var card = (window.APP && APP.data && APP.data.current_card) || {};
        if (self.system().area === 'lcard' && card.id) {
          self.render_template({ caption: { class_name: 'kpi-connector-caption' }, body: '', render: '<div class="kpi-connector-box"></div>' });
        }
        return true;
      },
      init: function () {
        var card = (window.APP && APP.data && APP.data.current_card) || {}, $box = $('.kpi-connector-box');
        if (self.system().area === 'lcard' && card.id && $box.length) {
          quiet();
          stretch($box);
          show($box, { place: 'deal:' + card.id });
        }
        return true;
      },
      bind_actions: function () { return true; },
      settings: function ($body) {
        var $address = $body.find('input[name="backend"]'), $said = $('<div class="kpi-connector-said"></div>');
        if (!$address.val()) { $address.val(ADDRESS).trigger('change'); }
        $body.append($said);
        if (self.get_install_status && self.get_install_status() === 'installed') {
          ask({ place: '' }).done(function () { $said.text(word('connected')); })
            .fail(function (answer) { $said.text(word(answer && answer.status === 403 ? 'refused' : 'failed')); });
        }
      },
      onSave: function () { return true; },
      advancedSettings: function () {
        var $page = $('<div class="kpi-connector-page"></div>');
        $('#list_page_holder').empty().append($page);
        show($page, { place: '' });
      },
      onInstall: function () { return true; },
      destroy: function () { quiet(); $('.kpi-connector-box').empty(); return true; }
    };
    return this;
  };
});
